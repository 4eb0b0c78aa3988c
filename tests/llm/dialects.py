"""How each provider words an answer and an error, whole or as a stream."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tabrl.llm.providers import Kind

USAGE = (1200, 340)  # tokens in and out that every answer claims


@dataclass(frozen=True)
class Say:
    """An answer: as text, or as the arguments of the tool that was offered."""

    text: str
    form: bool = False
    finish: str = "stop"  # or "length", "refusal"
    pause_s: float = 0.0  # between the pieces of a stream
    silence_s: float = 0.0  # before the first byte
    cut: int | None = None  # bytes after which the connection is closed


@dataclass(frozen=True)
class Fault:
    """A response that is no answer."""

    status: int = 200
    message: str = "the machine said no"
    kind: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = "application/json"


Act = Say | Fault


@dataclass(frozen=True)
class Heard:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def streams(self) -> bool:
        return bool(self.body.get("stream")) or "stream" in self.path

    @property
    def offers_a_tool(self) -> bool:
        return bool(self.body.get("tools"))


def error_body(kind: Kind, fault: Fault) -> bytes:
    """How a provider words an error."""
    if kind == "anthropic":
        error = {"type": fault.kind or "api_error", "message": fault.message}
        return json.dumps({"type": "error", "error": error}).encode()
    if kind == "google":
        error = {"code": fault.status, "message": fault.message, "status": fault.kind or "UNKNOWN"}
        return json.dumps({"error": error}).encode()
    error = {
        "message": fault.message,
        "type": fault.kind,
        "code": fault.kind or None,
        "param": None,
    }
    return json.dumps({"error": error}).encode()


def answer(kind: Kind, say: Say, heard: Heard) -> list[bytes]:
    """The pieces of an answer's body: events where it streams, else one JSON document."""
    form = None
    if say.form and heard.offers_a_tool:
        form = _offered(kind, heard.body)
    whole = _WHOLE[kind](say, form)
    return _STREAM[kind](say, form, whole) if heard.streams else [json.dumps(whole).encode()]


def _offered(kind: Kind, body: dict[str, Any]) -> str:
    """Name of the tool that a request offers."""
    tool = body["tools"][0]
    if kind == "google":
        return tool["functionDeclarations"][0]["name"]
    return tool["name"] if "name" in tool else tool["function"]["name"]


def _split(text: str, parts: int = 4) -> list[str]:
    size = max(1, -(-len(text) // parts))
    return [text[i : i + size] for i in range(0, len(text), size)] or [""]


def _data(event: Any, name: str = "") -> bytes:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(event)}\n\n".encode()


# Chat Completions, and DeepSeek's dialect of it.


def _chat(say: Say, form: str | None) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": None if form else say.text}
    if form:
        function = {"name": form, "arguments": say.text}
        message["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
    if say.finish == "refusal":
        message = {"role": "assistant", "content": None, "refusal": "I can't help with that."}
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000,
        "model": "loop-1",
        "choices": [{"index": 0, "message": message, "finish_reason": _chat_end(say, form)}],
        "usage": _chat_usage(),
    }  # fmt: skip


def _chat_end(say: Say, form: str | None) -> str:
    ends = {"stop": "tool_calls" if form else "stop", "refusal": "content_filter"}
    return ends.get(say.finish, say.finish)


def _chat_usage() -> dict[str, int]:
    return {"prompt_tokens": USAGE[0], "completion_tokens": USAGE[1], "total_tokens": sum(USAGE)}


def _chat_stream(say: Say, form: str | None, whole: dict[str, Any]) -> list[bytes]:
    def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _data(
            whole | {"object": "chat.completion.chunk", "choices": [choice], "usage": None}
        )

    pieces = [chunk({"role": "assistant", "content": None if form else ""})]
    if say.finish == "refusal":
        pieces.append(chunk({"refusal": "I can't help with that."}))
    elif form:
        function = {"name": form, "arguments": ""}
        call = {"index": 0, "id": "call_1", "type": "function", "function": function}
        pieces.append(chunk({"tool_calls": [call]}))
        pieces += [
            chunk({"tool_calls": [{"index": 0, "function": {"arguments": part}}]})
            for part in _split(say.text)
        ]
    else:
        pieces += [chunk({"content": part}) for part in _split(say.text)]
    pieces.append(chunk({}, _chat_end(say, form)))
    pieces.append(_data(whole | {"object": "chat.completion.chunk", "choices": []}))
    return [*pieces, b"data: [DONE]\n\n"]


def _deepseek(say: Say, form: str | None) -> dict[str, Any]:
    whole = _chat(say, form)
    whole["choices"][0]["message"]["reasoning_content"] = "Let me think about hips."
    return whole


def _deepseek_stream(say: Say, form: str | None, whole: dict[str, Any]) -> list[bytes]:
    delta = {"role": "assistant", "content": None, "reasoning_content": "Let me think."}
    choice = {"index": 0, "delta": delta, "finish_reason": None}
    first = whole | {"object": "chat.completion.chunk", "choices": [choice], "usage": None}
    return [_data(first), *_chat_stream(say, form, whole)]


# Responses


def _responses(say: Say, form: str | None) -> dict[str, Any]:
    cut = say.finish == "length"
    return {
        "id": "resp_1", "object": "response", "created_at": 1_700_000_000, "model": "loop-1",
        "status": "incomplete" if cut else "completed", "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "output": [_responses_item(say, form)], "parallel_tool_calls": True,
        "tool_choice": "auto", "tools": [], "instructions": None, "metadata": {},
        "temperature": 1.0, "top_p": 1.0,
        "usage": {
            "input_tokens": USAGE[0], "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": USAGE[1], "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": sum(USAGE),
        },
    }  # fmt: skip


def _responses_item(say: Say, form: str | None) -> dict[str, Any]:
    if form:
        return {
            "type": "function_call", "id": "fc_1", "call_id": "call_1", "name": form,
            "arguments": say.text, "status": "completed",
        }  # fmt: skip
    content = {"type": "output_text", "text": say.text, "annotations": []}
    if say.finish == "refusal":
        content = {"type": "refusal", "refusal": "I can't help with that."}
    return {
        "type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
        "content": [content],
    }  # fmt: skip


def _responses_stream(say: Say, form: str | None, whole: dict[str, Any]) -> list[bytes]:
    item = whole["output"][0]
    at = {"output_index": 0, "item_id": item["id"]}
    begun = whole | {"status": "in_progress", "output": [], "usage": None}
    events: list[dict[str, Any]] = [{"type": "response.created", "response": begun}]
    empty = item | ({"arguments": ""} if form else {"content": []})
    events.append({"type": "response.output_item.added", "output_index": 0, "item": empty})
    if form:
        delta = {"type": "response.function_call_arguments.delta", **at}
        events += [{**delta, "delta": part} for part in _split(say.text)]
        done = {"type": "response.function_call_arguments.done", "name": form, **at}
        events.append({**done, "arguments": say.text})
    else:
        events += _responses_text(say, item["content"][0], {**at, "content_index": 0})
    events.append({"type": "response.output_item.done", "output_index": 0, "item": item})
    end = "response.incomplete" if say.finish == "length" else "response.completed"
    events.append({"type": end, "response": whole})
    return [_data({**event, "sequence_number": i}, event["type"]) for i, event in enumerate(events)]


def _responses_text(say: Say, part: dict[str, Any], at: dict[str, Any]) -> list[dict[str, Any]]:
    if say.finish == "refusal":
        said = part["refusal"]
        return [
            {"type": "response.content_part.added", **at, "part": part | {"refusal": ""}},
            {"type": "response.refusal.delta", **at, "delta": said},
            {"type": "response.refusal.done", **at, "refusal": said},
            {"type": "response.content_part.done", **at, "part": part},
        ]
    return [
        {"type": "response.content_part.added", **at, "part": part | {"text": ""}},
        *(
            {"type": "response.output_text.delta", **at, "delta": piece, "logprobs": []}
            for piece in _split(say.text)
        ),
        {"type": "response.output_text.done", **at, "text": say.text, "logprobs": []},
        {"type": "response.content_part.done", **at, "part": part},
    ]


# Anthropic Messages


def _messages(say: Say, form: str | None) -> dict[str, Any]:
    content: list[dict[str, Any]] = [{"type": "text", "text": say.text}]
    if form:
        try:
            given = json.loads(say.text)
        except ValueError:
            given = {}
        content = [{"type": "tool_use", "id": "toolu_1", "name": form, "input": given}]
    if say.finish == "refusal":
        content = []
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "loop-1",
        "content": content, "stop_reason": _messages_end(say, form), "stop_sequence": None,
        "usage": {"input_tokens": USAGE[0], "output_tokens": USAGE[1]},
    }  # fmt: skip


def _messages_end(say: Say, form: str | None) -> str:
    ends = {"stop": "tool_use" if form else "end_turn", "length": "max_tokens"}
    return ends.get(say.finish, say.finish)


def _messages_stream(say: Say, form: str | None, whole: dict[str, Any]) -> list[bytes]:
    begun = whole | {"content": [], "stop_reason": None}
    begun["usage"] = {"input_tokens": USAGE[0], "output_tokens": 1}
    events: list[dict[str, Any]] = [{"type": "message_start", "message": begun}]
    if say.finish != "refusal":
        block = {"type": "tool_use", "id": "toolu_1", "name": form, "input": {}}
        block = block if form else {"type": "text", "text": ""}
        events.append({"type": "content_block_start", "index": 0, "content_block": block})
        for part in _split(say.text):
            delta = {"type": "text_delta", "text": part}
            delta = {"type": "input_json_delta", "partial_json": part} if form else delta
            events.append({"type": "content_block_delta", "index": 0, "delta": delta})
        events.append({"type": "content_block_stop", "index": 0})
    delta = {"stop_reason": _messages_end(say, form), "stop_sequence": None}
    events.append({"type": "message_delta", "delta": delta, "usage": {"output_tokens": USAGE[1]}})
    events.append({"type": "message_stop"})
    return [_data(event, event["type"]) for event in events]


# Gemini generateContent


def _gemini(say: Say, form: str | None) -> dict[str, Any]:
    part: dict[str, Any] = {"text": say.text}
    if form:
        try:
            part = {"functionCall": {"name": form, "args": json.loads(say.text)}}
        except ValueError:
            part = {"text": say.text}
    finish = {"stop": "STOP", "length": "MAX_TOKENS", "refusal": "SAFETY"}[say.finish]
    content = {"role": "model", "parts": [] if say.finish == "refusal" else [part]}
    return {
        "candidates": [{"content": content, "finishReason": finish, "index": 0}],
        "usageMetadata": {
            "promptTokenCount": USAGE[0], "candidatesTokenCount": USAGE[1],
            "totalTokenCount": sum(USAGE),
        },
        "modelVersion": "loop-1", "responseId": "r1",
    }  # fmt: skip


def _gemini_stream(say: Say, form: str | None, whole: dict[str, Any]) -> list[bytes]:
    candidate = whole["candidates"][0]
    parts = candidate["content"]["parts"]
    if not parts or "text" not in parts[0]:
        return [_data(whole)]
    pieces = _split(parts[0]["text"])
    chunks = []
    for i, piece in enumerate(pieces):
        content = {"role": "model", "parts": [{"text": piece}]}
        one: dict[str, Any] = {"content": content, "index": 0}
        if i == len(pieces) - 1:
            one["finishReason"] = candidate["finishReason"]
        chunks.append(_data(whole | {"candidates": [one]}))
    return chunks


_WHOLE: dict[str, Callable[[Say, str | None], dict[str, Any]]] = {
    "anthropic": _messages,
    "openai": _chat,
    "openai-responses": _responses,
    "google": _gemini,
    "deepseek": _deepseek,
}
_STREAM: dict[str, Callable[[Say, str | None, dict[str, Any]], list[bytes]]] = {
    "anthropic": _messages_stream,
    "openai": _chat_stream,
    "openai-responses": _responses_stream,
    "google": _gemini_stream,
    "deepseek": _deepseek_stream,
}
