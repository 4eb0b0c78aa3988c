"""What the environment says: folders and limits. What to train is in `tabrl.spec`."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from tabrl.errors import TabRLError

WALLS = "TABRL_SANDBOX"
OIDC = ("TABRL_OIDC_ISSUER", "TABRL_OIDC_CLIENT_ID", "TABRL_OIDC_CLIENT_SECRET")


@dataclass(frozen=True)
class OpenId:
    """A provider of OpenID Connect by which people sign in.

    Attributes:
        issuer: its address, as it writes itself.
        client_id: what it calls this studio; `client_secret` proves that.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """Folders and limits of this machine; built once, by the command line or the server.

    Attributes:
        home: what is kept: experiments, what trainings took, logs.
        cache: what can be made again: compiled functions, meshes, thumbnails.
        max_jobs: jobs at once; None lets the executor see what fits.
        public_url: where others find the studio, behind a proxy say; no slash at its end.
        handlers: module whose `train`, `check` and `render` replace the worker's own.
        ray: address of the Ray cluster that `--executor ray` uses; "auto" is this machine's.
        gpu: kind of GPU that `--executor modal` asks for; None trains on cores.
        modal_cap: USD that trainings at Modal may cost in a calendar month; None for no cap.
        all_walls: whether a reward runs behind every wall of the sandbox or not at all; else
            behind those that this machine has.
        openid: by which people of a hosted studio may sign in.
    """

    home: Path
    cache: Path
    max_jobs: int | None = None
    handlers: str | None = None
    public_url: str | None = None
    ray: str = "auto"
    gpu: str | None = None
    modal_cap: float | None = None
    all_walls: bool = False
    openid: OpenId | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Settings of TABRL_HOME, TABRL_CACHE, TABRL_MAX_JOBS, TABRL_PUBLIC_URL, TABRL_SANDBOX,
        TABRL_MODAL_CAP, TABRL_OIDC_*, RAY_ADDRESS and TABRL_WORKER_HANDLERS.

        Raises:
            TabRLError: TABRL_MAX_JOBS is not a whole number of at least 1, TABRL_PUBLIC_URL not
                the address of a site, TABRL_SANDBOX a word that it does not know, TABRL_MODAL_CAP
                not an amount, or one of TABRL_OIDC_* is missing.
        """
        return cls(
            home=_folder(env.get("TABRL_HOME") or platformdirs.user_data_dir("tabrl")),
            cache=_folder(env.get("TABRL_CACHE") or platformdirs.user_cache_dir("tabrl")),
            max_jobs=_max_jobs(env.get("TABRL_MAX_JOBS")),
            handlers=env.get("TABRL_WORKER_HANDLERS") or None,
            public_url=_site(env.get("TABRL_PUBLIC_URL")),
            ray=env.get("RAY_ADDRESS") or "auto",
            modal_cap=_usd(env.get("TABRL_MODAL_CAP")),
            all_walls=_all_walls(env.get(WALLS)),
            openid=_openid([env.get(name) or "" for name in OIDC]),
        )

    @property
    def logs(self) -> Path:
        """Folder of the workers' logs."""
        return self.home / "logs"

    @property
    def database(self) -> Path:
        """SQLite file of the experiments."""
        return self.home / "tabrl.db"

    @property
    def library(self) -> Path:
        """Folder of the behaviours that were added to the library."""
        return self.home / "library"

    @property
    def timings(self) -> Path:
        """JSON file of what trainings took on this machine."""
        return self.home / "timings.json"

    @property
    def jax_cache(self) -> Path:
        """Folder of compiled functions, shared by all processes."""
        return self.cache / "jax"

    def prepare(self) -> "Settings":
        """Make the folders and see that they can be written to.

        Raises:
            TabRLError: a folder cannot be made or written to.
        """
        _make_writable(self.logs, "TABRL_HOME")
        _make_writable(self.jax_cache, "TABRL_CACHE")
        return self


def _folder(path: str) -> Path:
    return Path(path).expanduser().absolute()


def _max_jobs(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise TabRLError(
            f"TABRL_MAX_JOBS is {text!r}.",
            "Set it to a whole number of at least 1, or unset it to use what fits this machine.",
        )
    return int(text)


def _usd(text: str | None) -> float | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text):
        raise TabRLError(
            f"TABRL_MODAL_CAP is {text!r}.",
            "Set it to the USD that trainings at Modal may cost a month, such as 20, or unset it.",
        )
    return float(text)


def _all_walls(text: str | None) -> bool:
    if text not in (None, "", "all"):
        raise TabRLError(
            f"{WALLS} is {text!r}.",
            "Set it to `all` to refuse rewards where the sandbox lacks a wall, or unset it.",
        )
    return bool(text)


def _openid(given: list[str]) -> OpenId | None:
    if not any(given):
        return None
    if missing := [name for name, value in zip(OIDC, given, strict=True) if not value]:
        raise TabRLError(
            f"{', '.join(missing)} is not set.",
            f"Sign-in by a provider takes all of {', '.join(OIDC)}; unset them for passkeys alone.",
        )
    if not re.match(r"https://|http://(localhost|127\.0\.0\.1)([:/]|$)", given[0]):
        raise TabRLError(
            f"{OIDC[0]} is {given[0]!r}.", "Set it to an address such as https://id.example."
        )
    return OpenId(*given)


def _site(text: str | None) -> str | None:
    if not text:
        return None
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/?", text):
        raise TabRLError(
            f"TABRL_PUBLIC_URL is {text!r}.",
            "Set it to the address by which others find the studio, such as https://robots.example.",
        )
    return text.rstrip("/").lower()


def _make_writable(folder: Path, variable: str) -> None:
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink(missing_ok=True)
    except OSError as error:
        raise TabRLError(
            f"TabRL cannot write to {folder} ({error.strerror}).",
            f"Make it writable, or set {variable} to a folder that is.",
        ) from error
