"""One question to a language model: what is said, what comes back, what it costs."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import Field

from tabrl.llm.providers import Provider
from tabrl.llm.trouble import Trouble
from tabrl.spec import Value

Purpose = Literal["approaches", "metric", "commands", "improve", "test"]

RETRIES = 3
LONGEST_WAIT_S = 60.0
_PRESUMED = (5.0, 25.0)
"""US dollars for a million tokens in and out, where a model's price is not known."""


class Message(Value):
    """What one side said."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True)
class Form:
    """The form in which an answer is wanted: a JSON schema under a name."""

    name: str
    description: str
    schema: dict[str, Any]


@dataclass(frozen=True)
class Question:
    """What is asked: standing instructions, what was said so far, and the form of the answer."""

    purpose: Purpose
    instructions: str
    messages: tuple[Message, ...]
    form: Form | None = None
    max_tokens: int | None = None

    @property
    def tokens(self) -> int:
        """About how many tokens it has: a little too many."""
        said = len(self.instructions) + sum(len(message.text) for message in self.messages)
        return said // 3 + len(str(self.form.schema if self.form else "")) // 3 + 50


class Answer(Value):
    """What a language model said, and what it took."""

    text: str
    finish: str = Field("stop", description="stop, length (cut off) or another reason.")
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = Field(None, description="None where the price is not known.")
    seconds: float = 0.0


class ChatModel(Protocol):
    """Somebody who answers: a provider over the network, or a recording."""

    async def __call__(self, question: Question) -> Answer: ...


class Budget:
    """What the language models of one experiment may cost and have cost, US dollars."""

    def __init__(self, cap_usd: float, spent_usd: float = 0.0) -> None:
        self.cap_usd, self.spent_usd = cap_usd, spent_usd
        self._reserved = 0.0

    def reserve(self, amount: float) -> None:
        """Set aside the most that a request may cost; `Trouble` where that is not left."""
        if self.spent_usd + self._reserved + amount > self.cap_usd:
            raise Trouble(
                "cap",
                f"Another request could pass the cap of ${self.cap_usd:g} for this experiment "
                f"(${self.spent_usd:.2f} spent).",
                "Raise TABRL_SPENDING_CAP_USD, or choose a cheaper model.",
            )
        self._reserved += amount

    def settle(self, reserved: float, spent: float) -> None:
        """Give back what was set aside and count what was spent."""
        self._reserved -= reserved
        self.spent_usd += spent


def cost(provider: Provider, tokens_in: int, tokens_out: int) -> float | None:
    """US dollars for so many tokens; None where the model's price is not known."""
    if provider.price:
        rates = (provider.price.input, provider.price.output)
        return (tokens_in * rates[0] + tokens_out * rates[1]) / 1e6
    if provider.local:
        return 0.0
    from genai_prices import Usage, calc_price

    try:
        price = calc_price(
            Usage(input_tokens=tokens_in, output_tokens=tokens_out),
            model_ref=provider.model,
            provider_api_url=provider.base_url,
        )
    except LookupError:
        return None
    return float(price.total_price)


def presumed_cost(provider: Provider, tokens_in: int, tokens_out: int) -> float:
    """As `cost`, with the price of a dear model where it is not known."""
    known = cost(provider, tokens_in, tokens_out)
    if known is not None:
        return known
    return (tokens_in * _PRESUMED[0] + tokens_out * _PRESUMED[1]) / 1e6


async def patiently(
    once: Callable[[], Any],
    *,
    retries: int = RETRIES,
    sleep: Callable[[float], Any] = asyncio.sleep,
) -> Any:
    """Await `once()`; where a `Trouble` may pass, wait as long as it asks, or ever longer, and try
    again.
    """
    for attempt in range(retries + 1):
        try:
            return await once()
        except Trouble as trouble:
            wait_s = trouble.wait_s or 2.0**attempt * random.uniform(0.5, 1.0)
            if not trouble.again or attempt == retries or wait_s > LONGEST_WAIT_S:
                raise
        await sleep(wait_s)
    raise AssertionError("the last attempt returns or raises")


class Stopwatch:
    """Wall time since it was made, s."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self._began, 2)
