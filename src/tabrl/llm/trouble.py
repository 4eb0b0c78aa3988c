"""What went wrong with a language model, in plain words, with keys removed."""

import re
from typing import Any, Literal

from tabrl.errors import TabRLError
from tabrl.llm.providers import Provider

Cause = Literal[
    "key", "quota", "model", "address", "request", "busy", "server", "slow", "refused", "reply",
    "cap", "tools",
]  # fmt: skip
_KEY_LIKE = re.compile(
    r"\b(?:sk-|gsk_|xai-|AIza|Bearer )[A-Za-z0-9_*.\-]{12,}|\bsk-\*[*A-Za-z0-9]{4,}"
)
_SAID = 240


class Trouble(TabRLError):
    """A language model that gave no answer; `again` says whether asking once more may help.

    Attributes:
        cause: what to look at.
        wait_s: how long it asks to be left alone; None where it did not say.
    """

    def __init__(
        self,
        cause: Cause,
        message: str,
        hint: str = "",
        *,
        again: bool = False,
        wait_s: float | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.cause, self.again, self.wait_s = cause, again, wait_s

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (self.cause, self.message, self.hint, self.again, self.wait_s)


def _rebuilt(cause: Cause, message: str, hint: str, again: bool, wait_s: float | None) -> Trouble:
    return Trouble(cause, message, hint, again=again, wait_s=wait_s)


def redacted(text: str, secret: str = "") -> str:
    """Text without the key and without anything that looks like one."""
    if len(secret) >= 4:
        text = text.replace(secret, "[key]")
    return _KEY_LIKE.sub("[key]", text)


def diagnose(error: Exception, provider: Provider, secret: str) -> Trouble:
    """A failed request in plain words: what is wrong, and what a person with a key can do."""
    from pydantic_ai import exceptions as e

    name, wait_s = provider.title or provider.name, getattr(error, "retry_after", None)
    told = _told(error, secret)
    status = getattr(error, "status_code", None)
    if isinstance(error, e.ModelAuthenticationError):
        where = " or ".join(provider.key_env) or provider.variable("KEY")
        return Trouble("key", f"{name} does not accept the key.{told}", f"Look at {where}.")
    if isinstance(error, e.ModelQuotaExceededError):
        return Trouble("quota", f"{name}'s quota or credit is used up.{told}", "Top it up.")
    if isinstance(error, e.ModelNotFoundError):
        return Trouble(
            "model",
            f"{name} has no model {provider.model!r} at {provider.base_url}.{told}",
            f"Look at the model's name ({provider.variable('MODEL')}) and at the address.",
        )
    if isinstance(error, e.ModelRateLimitError):
        return Trouble(
            "busy", f"{name} asks for fewer requests.{told}", "Wait.", again=True, wait_s=wait_s
        )
    if isinstance(error, e.ModelRequestTimeout | e.ModelTimeoutError):
        return _slow(name, error, provider)
    if isinstance(error, e.ModelConnectionError):
        return _unreachable(name, error, provider)
    if isinstance(error, e.ModelUnavailableError | e.ModelServerError) or (status or 0) >= 500:
        return Trouble(
            "server",
            f"{name} has a fault of its own{f' (HTTP {status})' if status else ''}.{told}",
            "Try again later.",
            again=True,
            wait_s=wait_s,
        )
    if isinstance(error, e.ModelRequestRejectedError) and "tool" in told.lower():
        return Trouble("tools", f"{name} takes no tools.{told}", "Set tools = false for it.")
    if isinstance(error, e.ModelAPIError) and status:
        hint = f"Look at the model's name and at the address {provider.base_url}."
        return Trouble("request", f"{name} refused the request (HTTP {status}).{told}", hint)
    if isinstance(error, e.ContentFilterError):
        return declined(provider)
    return Trouble(
        "reply",
        f"{name} gave an answer that cannot be read.{told}",
        f"Does {provider.base_url} speak {_PROTOCOL[provider.kind]}?",
        again=True,
    )


def declined(provider: Provider) -> Trouble:
    """The model would not do it."""
    name = provider.title or provider.name
    return Trouble("refused", f"{name} declined to answer this sentence.", "Say it in other words.")


_PROTOCOL = {
    "anthropic": "Anthropic's Messages API",
    "openai": "OpenAI's Chat Completions API",
    "openai-responses": "OpenAI's Responses API",
    "google": "Gemini's generateContent API",
    "deepseek": "DeepSeek's API",
}


def _slow(name: str, error: Exception, provider: Provider) -> Trouble:
    silent = getattr(error, "setting", "") == "first_event_timeout"
    took = provider.silence_s if silent else provider.timeout_s
    what = "said nothing for" if silent else "was not done after"
    return Trouble(
        "slow",
        f"{name} {what} {took:g} s.",
        "Give it more with timeout_s or silence_s in providers.toml, or choose a faster model.",
    )


def _unreachable(name: str, error: Exception, provider: Provider) -> Trouble:
    begun = getattr(error, "phase", None) in ("read", "write", None)
    what = "closed the connection while it answered" if begun else "cannot be reached"
    return Trouble(
        "address",
        f"{name} at {provider.base_url} {what}.",
        "Look at the address and at the network.",
        again=True,
    )


def _told(error: Exception, secret: str) -> str:
    """What the provider said about it, short, printable, without keys."""
    body: Any = getattr(error, "body", None)
    for _ in range(4):  # {"error": {"message": ...}}, [{"error": ...}] and the like
        if isinstance(body, list) and body:
            body = body[0]
        elif isinstance(body, dict):
            body = next((body[k] for k in ("error", "message", "detail") if body.get(k)), "")
    if not isinstance(body, str):
        return ""
    plain = "".join(c if c.isprintable() else " " for c in redacted(body, secret))
    short = " ".join(plain.split())[:_SAID]
    return f' It says: "{short}"' if short else ""
