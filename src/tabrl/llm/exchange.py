"""What was asked and answered, kept beside the experiment without keys, and asked again offline."""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from pydantic import AliasChoices, Field, ValidationError

from tabrl.errors import TabRLError
from tabrl.llm.asking import Answer, ChatModel, Message, Purpose, Question
from tabrl.llm.providers import NAME
from tabrl.llm.trouble import Trouble, redacted
from tabrl.spec import Value

FILE = "exchanges.jsonl"
MAX_BYTES = 64 << 20


class Exchange(Value):
    """One question to a provider and what came of it."""

    at: float = Field(default_factory=time.time, description="Unix time, s.")
    provider: str = Field(pattern=NAME)
    purpose: Purpose
    prompts: str = Field("", description="Version of the templates that the question was made of.")
    instructions: str
    messages: tuple[Message, ...] = Field(
        validation_alias=AliasChoices("messages", "turns")  # as earlier recordings have it
    )
    answer: Answer | None = None
    trouble: str = Field("", description="Why there is no answer, in words.")


class Recorder:
    """Asks somebody and has every exchange written down.

    Args:
        secret: the provider's key, which is taken out of whatever is said.
    """

    def __init__(
        self,
        chat: ChatModel,
        provider: str,
        prompts: str,
        write: Callable[[Exchange], None],
        secret: str = "",
    ) -> None:
        self._chat, self._provider, self._prompts = chat, provider, prompts
        self._write, self._secret = write, secret

    async def __call__(self, question: Question) -> Answer:
        try:
            answer = await self._chat(question)
        except Trouble as trouble:
            self._write(self._exchange(question, None, str(trouble)))
            raise
        clean = answer.model_copy(update={"text": self._clean(answer.text)})
        self._write(self._exchange(question, clean))
        return clean

    def _exchange(self, question: Question, answer: Answer | None, trouble: str = "") -> Exchange:
        messages = (
            message.model_copy(update={"text": self._clean(message.text)})
            for message in question.messages
        )
        return Exchange(
            provider=self._provider,
            purpose=question.purpose,
            prompts=self._prompts,
            instructions=self._clean(question.instructions),
            messages=tuple(messages),
            answer=answer,
            trouble=trouble,
        )

    def _clean(self, text: str) -> str:
        return redacted(text, self._secret)


class Replay:
    """Answers as a provider did before: for each purpose in the order of the recording."""

    def __init__(self, exchanges: Iterable[Exchange], provider: str) -> None:
        self._left = [each for each in exchanges if each.provider == provider]
        self._provider = provider

    async def __call__(self, question: Question) -> Answer:
        """The next recorded answer; `Trouble` where the provider had none or the recording ends."""
        for index, exchange in enumerate(self._left):
            if exchange.purpose == question.purpose:
                del self._left[index]
                if exchange.answer is None:
                    raise Trouble("reply", exchange.trouble)
                return exchange.answer
        raise Trouble(
            "reply",
            f"The recording has no further answer of {self._provider} about {question.purpose}.",
            "Record the experiment again with a network.",
        )


class Log:
    """A file of exchanges, a JSON line each; several providers write to it at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def __call__(self, exchange: Exchange) -> None:
        with self._lock, self._path.open("a", encoding="utf-8", errors="replace") as file:
            file.write(exchange.model_dump_json() + "\n")


def recorded(path: Path) -> list[Exchange]:
    """The exchanges of a file or of the experiment in a folder.

    Raises:
        TabRLError: there are none that can be read.
    """
    file = path / FILE if path.is_dir() else path
    try:
        if file.stat().st_size > MAX_BYTES:
            raise TabRLError(f"{file} is larger than {MAX_BYTES >> 20} MiB.", "Replay another one.")
        lines = file.read_text("utf-8").splitlines()
        found = [Exchange.model_validate_json(line) for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise TabRLError(f"Cannot read {file}: {error}.", f"Name a {FILE}.") from error
    except ValidationError as error:
        said = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise TabRLError(f"{file} holds no exchanges: {said}.", f"Name a {FILE}.") from None
    if not found:
        raise TabRLError(f"{file} is empty.", "Name one that holds exchanges.")
    return found


def providers_of(exchanges: Iterable[Exchange]) -> list[str]:
    """Names of those who were asked, in the order in which they first were."""
    return list(dict.fromkeys(exchange.provider for exchange in exchanges))
