"""Who can be asked for approaches: names, models, addresses and keys, as data.

What ships is `providers.toml` beside this file. `providers.toml` in TABRL_HOME changes it line by
line, and environment variables change that: TABRL_<NAME>_MODEL, TABRL_<NAME>_BASE_URL,
TABRL_<NAME>_KEY, and TABRL_SPENDING_CAP_USD.
"""

import os
import re
import shlex
import socket
import tomllib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator

from tabrl.errors import TabRLError
from tabrl.settings import Settings
from tabrl.spec import Value

Kind = Literal["anthropic", "openai", "openai-responses", "google", "deepseek"]
State = Literal["ready", "no key", "unreachable"]

BUILTIN = "builtin"
BUILTIN_TITLE = "Built in"
FILE = "providers.toml"
NAME = r"^[a-z][a-z0-9_-]{0,30}$"
_PROBE_S = 2.0


class Price(Value):
    """What a provider asks, in US dollars for a million tokens."""

    input: float = Field(ge=0)
    output: float = Field(ge=0)


class Provider(Value):
    """A language model that can be asked.

    Attributes:
        kind: the protocol that it speaks; "openai" is Chat Completions, which most servers speak.
        key_env: environment variables that may hold its key, the first that is set counts; none
            where it needs no key.
        key: the key itself, from the settings file or TABRL_<NAME>_KEY. It is never printed, and
            workers do not get it: `executors.environment` withholds what is named like a secret.
        stream: whether the answer comes as it is written.
        tools: whether it may be given the form of the answer as a tool.
        timeout_s: the most that one answer may take.
        silence_s: the most that may pass before an answer begins; streamed ones only.
        price: replaces the price that is known of the model.
    """

    name: str = Field(pattern=NAME)
    title: str = ""
    kind: Kind = "openai"
    model: str = Field(min_length=1, max_length=200)
    base_url: str
    key_env: tuple[str, ...] = ()
    key: SecretStr | None = Field(None, exclude=True, repr=False)
    stream: bool = True
    tools: bool = True
    timeout_s: float = Field(180, gt=0, le=3600)
    silence_s: float = Field(90, gt=0, le=3600)
    max_tokens: int = Field(12_000, ge=256, le=200_000)
    price: Price | None = None

    @field_validator("base_url")
    @classmethod
    def _address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError("this is no address; write http://HOST:PORT/v1 or https://HOST")
        return url.rstrip("/")

    @field_validator("key_env")
    @classmethod
    def _withheld(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not re.search("KEY|TOKEN|SECRET", name.upper()):
                raise ValueError(
                    f"the variable {name!r} is not named like a key; workers would see it. "
                    "Give it a name with KEY, TOKEN or SECRET in it"
                )
        return names

    @property
    def needs_key(self) -> bool:
        """Whether it was configured with a key; a server on this machine may do without."""
        return bool(self.key_env) and not self.local

    @property
    def local(self) -> bool:
        """Whether it is on this machine."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    def variable(self, field: str) -> str:
        """Name of the environment variable that sets a field: MODEL, BASE_URL or KEY."""
        return variable(self.name, field)

    def secret(self, env: Mapping[str, str] = os.environ) -> str:
        """The key, or "" where there is none.

        Raises:
            TabRLError: it would travel in the clear.
        """
        found = self.key.get_secret_value() if self.key else ""
        found = found or next((env[name] for name in self.key_env if env.get(name)), "")
        if found and not self.local and self.base_url.startswith("http:"):
            raise TabRLError(
                f"The key of {self.name} would travel in the clear to {self.base_url}.",
                "Use an https address.",
            )
        return found.strip()

    def at(self, *, model: str | None = None, base_url: str | None = None) -> "Provider":
        """The same provider with another model or address; elsewhere, OpenAI's own protocol gives
        way to the one that compatible servers speak.
        """
        changes: dict[str, Any] = {}
        if model:
            changes["model"] = model
        if base_url:
            changes["base_url"] = base_url
            if self.kind == "openai-responses":
                changes["kind"] = "openai"
        return _checked(self.name, self.model_dump() | {"key": self.key} | changes)


@dataclass(frozen=True)
class Book:
    """The providers of this installation, in order of their names' appearance.

    Attributes:
        spending_cap_usd: the most that the language models of one experiment may cost.
    """

    providers: tuple[Provider, ...]
    spending_cap_usd: float

    def find(self, name: str) -> Provider:
        """The provider of a name; `TabRLError` lists those there are."""
        for provider in self.providers:
            if provider.name == name:
                return provider
        known = ", ".join([BUILTIN, *(provider.name for provider in self.providers)])
        raise TabRLError(f"There is no provider {name!r}.", f"Valid: {known}.")


@dataclass(frozen=True)
class Status:
    """A provider and whether it can be asked now; `detail` says what to do where not."""

    name: str
    title: str
    model: str
    state: State
    detail: str


def book(settings: Settings | None = None, env: Mapping[str, str] = os.environ) -> Book:
    """What is configured: the shipped file, TABRL_HOME's, the environment.

    Raises:
        TabRLError: a file or a variable says what cannot be; the message names it.
    """
    home = (settings or Settings.from_env(env)).home
    shipped = tomllib.loads((files(__package__) / FILE).read_text("utf-8"))
    own = _read(home / FILE)
    tables: dict[str, dict[str, Any]] = {}
    for name, table in (*shipped["providers"].items(), *own.get("providers", {}).items()):
        tables[name] = tables.get(name, {}) | _moved(tables.get(name, {}), table)
    for name, table in tables.items():
        tables[name] = table | _moved(table, _from_env(name, env))
    cap = env.get("TABRL_SPENDING_CAP_USD") or own.get(
        "spending_cap_usd", shipped["spending_cap_usd"]
    )
    return Book(
        providers=tuple(_checked(name, table | {"name": name}) for name, table in tables.items()),
        spending_cap_usd=_dollars(cap),
    )


def exposed(settings: Settings) -> tuple[str, str] | None:
    """What is wrong, and what to do, where others can read a key in the settings file.

    Raises:
        TabRLError: the file cannot be read.
    """
    path = settings.home / FILE
    tables = _read(path).get("providers", {}).values()
    held = any(isinstance(table, dict) and table.get("key") for table in tables)
    if not held or os.name != "posix" or not path.stat().st_mode & 0o077:
        return None
    what = f"{path} holds a key, and others on this machine can read it."
    return what, f"Run: chmod 600 {shlex.quote(str(path))}"


def variable(name: str, field: str) -> str:
    """Name of the environment variable that sets a provider's field."""
    return f"TABRL_{name}_{field}".upper().replace("-", "_")


def states(providers: Iterable[Provider], env: Mapping[str, str] = os.environ) -> list[Status]:
    """Whether each can be asked; all are tried at once, within about two seconds."""
    known = list(providers)
    with ThreadPoolExecutor(max(1, len(known))) as pool:
        return list(pool.map(lambda provider: state(provider, env), known))


def state(provider: Provider, env: Mapping[str, str] = os.environ) -> Status:
    """Whether a provider has its key and something listens at its address; asks it nothing."""
    found: State = "ready"
    detail = provider.model
    try:
        if provider.needs_key and not provider.secret(env):
            found, detail = (
                "no key",
                f"Set {' or '.join(provider.key_env)}, or {provider.variable('KEY')}.",
            )
        elif not _listens(provider.base_url):
            found, detail = "unreachable", f"Nothing answers at {provider.base_url}."
    except TabRLError as error:
        found, detail = "no key", str(error)
    title = provider.title or provider.name
    return Status(provider.name, title, provider.model, found, detail)


def _listens(url: str) -> bool:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=_PROBE_S):
            return True
    except OSError:
        return False


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise TabRLError(f"Cannot read {path}: {error}.", "It is a TOML file in UTF-8.") from error


def _from_env(name: str, env: Mapping[str, str]) -> dict[str, Any]:
    found = {field: env.get(variable(name, field)) for field in ("model", "base_url", "key")}
    return {field: value for field, value in found.items() if value}


def _moved(before: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """A change; another address of OpenAI's protocol means a server that is compatible with it."""
    elsewhere = "base_url" in change and "kind" not in change
    compatible = elsewhere and before.get("kind") == "openai-responses"
    return {**change, "kind": "openai"} if compatible else dict(change)


def _checked(name: str, table: Mapping[str, Any]) -> Provider:
    try:
        return Provider.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        said = first["msg"].removeprefix("Value error, ")
        raise TabRLError(
            f"The provider {name!r} cannot be used: {where}: {said}.",
            f"Look into {FILE} in TABRL_HOME and the variables that begin with TABRL_.",
        ) from None


def _dollars(value: Any) -> float:
    try:
        amount = float(value)
    except (TypeError, ValueError):
        amount = -1.0
    if not 0 <= amount < 1e6:
        raise TabRLError(
            "The spending cap is not an amount of dollars.",
            "Set TABRL_SPENDING_CAP_USD, or spending_cap_usd in providers.toml, to 2.0 or so.",
        )
    return amount
