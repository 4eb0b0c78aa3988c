"""Asks a provider over the network. The only place that holds a key, and only while it asks.

Pydantic AI speaks the protocols; it is imported when the first question is asked.
"""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from tabrl.llm.asking import Answer, Budget, Question, Stopwatch, cost, patiently, presumed_cost
from tabrl.llm.providers import Provider
from tabrl.llm.trouble import Trouble, declined, diagnose

MAX_BYTES = 4 << 20
"""A longer response is cut off: no answer to us is that long."""
_CONNECT_S = 15.0
_NO_KEY = "none"  # servers of one's own ask for none, client libraries insist on one


class Client:
    """A provider that answers questions within a budget.

    Args:
        budget: what it may cost, together with others.
        env: where keys are looked up.
        retries: how often a request is sent again after a trouble that may pass.
    """

    def __init__(
        self,
        provider: Provider,
        budget: Budget,
        *,
        env: Mapping[str, str] = os.environ,
        retries: int = 3,
    ) -> None:
        self.provider = provider
        self._budget, self._retries = budget, retries
        self._secret = provider.secret(env)
        self._tools, self._stream = provider.tools, provider.stream

    def __repr__(self) -> str:
        return f"Client({self.provider.name!r})"

    async def __call__(self, question: Question) -> Answer:
        """The provider's answer; `Trouble` in plain words where there is none."""
        watch = Stopwatch()
        limit = question.max_tokens or self.provider.max_tokens
        reserved = presumed_cost(self.provider, question.tokens, limit)
        self._budget.reserve(reserved)
        spent = 0.0
        try:
            answer = await self._answer(question, limit)
            tokens = answer.input_tokens, answer.output_tokens
            spent = presumed_cost(self.provider, *tokens)
        finally:
            self._budget.settle(reserved, spent)
        return answer.model_copy(
            update={"cost_usd": cost(self.provider, *tokens), "seconds": watch.seconds}
        )

    async def _answer(self, question: Question, limit: int) -> Answer:
        async def once() -> Answer:
            return await self._attempt(question, limit)

        answer: Answer = await patiently(once, retries=self._retries)
        return answer

    async def _attempt(self, question: Question, limit: int) -> Answer:
        """One request; a server that takes no tools or does not stream is asked without, once."""
        try:
            return self._spoken(await self._send(question, limit))
        except Trouble:
            raise
        except Exception as error:  # a strange response breaks the library in many ways
            trouble = diagnose(error, self.provider, self._secret)
        if trouble.cause == "tools" and self._tools:
            self._tools = False
            return await self._attempt(question, limit)
        if trouble.cause == "reply" and self._stream:
            self._stream = False
            return await self._attempt(question, limit)
        raise trouble from None

    def _spoken(self, answer: Answer) -> Answer:
        """The answer, if there is anything in it."""
        if answer.text.strip():
            return answer
        if answer.finish == "content_filter":
            raise declined(self.provider)
        name = self.provider.title or self.provider.name
        if answer.finish == "length":
            what = f"{name} used up its {self.provider.max_tokens} tokens before it answered."
            raise Trouble("reply", what, "Give it more with max_tokens in providers.toml.")
        raise Trouble("reply", f"{name} gave an empty answer.", "Ask it again.", again=True)

    async def _send(self, question: Question, limit: int) -> Answer:
        from pydantic_ai.direct import model_request, model_request_stream

        async with _http() as http:
            asked: dict[str, Any] = {
                "model": _model(self.provider, self._secret or _NO_KEY, http),
                "messages": _messages(question),
                "model_settings": {
                    "max_tokens": limit,
                    "max_retries": 0,
                    "request_timeout": self.provider.timeout_s,
                    "first_event_timeout": self.provider.silence_s,
                },
                "model_request_parameters": _parameters(question, self._tools),
            }
            if not self._stream:
                return _answer(await model_request(**asked))
            async with model_request_stream(**asked) as stream:
                async for _ in stream:
                    pass
                return _answer(stream.get())


@asynccontextmanager
async def _http() -> AsyncIterator[Any]:
    """A client that follows no redirect, which could carry a key elsewhere, and reads no more than
    `MAX_BYTES` of a response.
    """
    import httpx2

    async def bound(response: httpx2.Response) -> None:
        response.stream = _Bounded(response.stream)

    timeout = httpx2.Timeout(None, connect=_CONNECT_S)
    async with httpx2.AsyncClient(timeout=timeout, event_hooks={"response": [bound]}) as client:
        yield client


def _Bounded(stream: Any) -> Any:  # noqa: N802 - a class of a library that is imported late
    import httpx2

    class Bounded(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            read = 0
            async for chunk in stream:
                read += len(chunk)
                if read > MAX_BYTES:
                    raise httpx2.ReadError("the response is too long")
                yield chunk

        async def aclose(self) -> None:
            await stream.aclose()

    return Bounded()


def _model(provider: Provider, key: str, http: Any) -> Any:
    at: dict[str, Any] = {"api_key": key, "base_url": provider.base_url, "http_client": http}
    if provider.kind == "anthropic":
        from pydantic_ai.models.anthropic import AnthropicModel
        from pydantic_ai.providers.anthropic import AnthropicProvider

        return AnthropicModel(provider.model, provider=AnthropicProvider(**at))
    if provider.kind == "google":
        from pydantic_ai.models.google import GoogleModel
        from pydantic_ai.providers.google import GoogleProvider

        return GoogleModel(provider.model, provider=GoogleProvider(**at))
    from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
    from pydantic_ai.providers.deepseek import DeepSeekProvider
    from pydantic_ai.providers.openai import OpenAIProvider

    if provider.kind == "deepseek":
        from openai import AsyncOpenAI

        return OpenAIChatModel(
            provider.model, provider=DeepSeekProvider(openai_client=AsyncOpenAI(**at))
        )
    kind = OpenAIResponsesModel if provider.kind == "openai-responses" else OpenAIChatModel
    return kind(provider.model, provider=OpenAIProvider(**at))


def _messages(question: Question) -> list[Any]:
    from pydantic_ai.messages import ModelRequest, ModelResponse, TextPart, UserPromptPart

    return [
        ModelRequest([UserPromptPart(message.text)], instructions=question.instructions)
        if message.role == "user"
        else ModelResponse([TextPart(message.text)])
        for message in question.messages
    ]


def _parameters(question: Question, tools: bool) -> Any:
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.tools import ToolDefinition

    if question.form is None or not tools:
        return ModelRequestParameters()
    form = ToolDefinition(
        name=question.form.name,
        description=question.form.description,
        parameters_json_schema=question.form.schema,
        strict=False,
        kind="output",
    )
    return ModelRequestParameters(output_mode="tool", output_tools=[form], allow_text_output=True)


def _answer(response: Any) -> Answer:
    from pydantic_ai.messages import TextPart, ToolCallPart

    forms = [_written(part) for part in response.parts if isinstance(part, ToolCallPart)]
    said = [part.content for part in response.parts if isinstance(part, TextPart)]
    # A stream that ends without saying why was cut off.
    finish = response.finish_reason or "length"
    return Answer(
        text=(forms[0] if forms else "\n".join(said))[:MAX_BYTES],
        finish="stop" if finish == "tool_call" else finish,
        model=response.model_name or "",
        input_tokens=response.usage.input_tokens,
        output_tokens=response.usage.output_tokens,
    )


def _written(call: Any) -> str:
    """The arguments of a tool call as they were written, whole or not."""
    return call.args if isinstance(call.args, str) else str(call.args_as_json_str())
