"""What language models on loopback say: the recorded replies beside this file, or a script."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dialects import Act, Heard, Say
from wire import KEY, Wire

from tabrl.settings import Settings

REPLIES = Path(__file__).parent / "replies"
NO_COMMANDS = Say('{"name": "", "description": "It is no matter of velocity.", "moves": []}')


def purpose(heard: Heard) -> str:
    """What a request is about, by the tool that it offers."""
    told = json.dumps(heard.body)
    if "write_commands" in told:
        return "commands"
    return "metric" if "write_test" in told else "approaches"


def saying(name: str, *, form: bool = True) -> Callable[[Heard], Act]:
    """Answers as recorded: for each purpose in order, the last one again and again."""
    told = json.loads((REPLIES / f"{name}.json").read_text("utf-8"))
    lock = threading.Lock()

    def act(heard: Heard) -> Act:
        with lock:
            if purpose(heard) == "commands":
                return NO_COMMANDS
            left = [each for each in told if each["purpose"] == purpose(heard)]
            if len(left) > 1:
                told.remove(left[0])
        text = left[0]["text"]
        return Say(text, form=form and text.startswith("{"))

    return act


def scripted(
    approaches: list[Act], metric: list[Act], commands: Act = NO_COMMANDS
) -> Callable[[Heard], Act]:
    """Answers of a test's own."""
    left = {"approaches": list(approaches), "metric": list(metric), "commands": [commands]}
    lock = threading.Lock()

    def act(heard: Heard) -> Act:
        with lock:
            acts = left[purpose(heard)]
            return acts.pop(0) if len(acts) > 1 else acts[0]

    return act


@contextmanager
def configured(settings: Settings, **wires: Wire) -> Iterator[None]:
    """Servers that are open, and a settings file that names them."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        lines = ['[providers.ollama]\nbase_url = "http://127.0.0.1:9/v1"']
        for name, wire in wires.items():
            stack.enter_context(wire.open())
            lines += [
                f"[providers.{name}]",
                f'kind = "{wire.kind}"\nmodel = "loop-1"\nbase_url = "{wire.url}"\nkey = "{KEY}"',
                "timeout_s = 20\nprice = { input = 1.0, output = 2.0 }",
            ]
        (settings.home / "providers.toml").write_text("\n".join(lines))
        yield


def good(name: str = "anthropic") -> dict[str, str]:
    """A recorded answer for each purpose."""
    told = json.loads((REPLIES / f"{name}.json").read_text("utf-8"))
    return {each["purpose"]: each["text"] for each in told} | {"commands": NO_COMMANDS.text}
