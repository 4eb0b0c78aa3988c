"""Runs the studio, as one process or as several."""

import logging
import re
import secrets
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import ip_address
from multiprocessing import get_context, parent_process
from multiprocessing.context import SpawnProcess
from types import FrameType

import uvicorn
from fastapi import FastAPI

from tabrl.errors import TabRLError
from tabrl.experiments.engine import Engine
from tabrl.server import logs
from tabrl.server.accounts.accounts import Accounts
from tabrl.server.app import create_app
from tabrl.server.guard import MAX_BODY
from tabrl.settings import Settings
from tabrl.store import database_url

REFUSED = 3
"""How a worker exits that could not begin, and would not the next time."""
log = logging.getLogger(__name__)


class TakenOverError(TabRLError):
    """Another studio has taken over the experiments: whoever runs this one starts it again."""


@dataclass(frozen=True)
class Studio:
    """How a studio is served; whole enough to be sent to another process.

    Attributes:
        host: what it listens on.
        here: its address, as somebody on this network sees it.
        token: needed for whatever changes something; None where nobody is asked for it.
        accounts: whether people sign in.
        log: least level of its log.
        executor: where trainings run.
    """

    host: str
    here: str
    token: str | None
    accounts: bool
    settings: Settings
    log: str
    executor: str

    @property
    def address(self) -> str | None:
        """Where others find it; None where only this machine can connect."""
        alone = is_loopback(self.host)
        return self.settings.public_url or (None if alone else self.here)


def serve(
    host: str,
    port: int,
    *,
    open_page: bool,
    token: str | None,
    accounts: bool,
    settings: Settings,
    log: str,
    executor: str = "local",
    workers: int = 1,
) -> None:
    """Serve until a signal; what trains goes on at the next start.

    Args:
        accounts: whether people sign in; then nobody needs the token.
        workers: processes that answer.

    Raises:
        TabRLError: the address cannot be had, another studio uses the same home, there is no such
            cluster, accounts cannot be had, or several workers have no PostgreSQL to meet at.
    """
    logs.set_up(log)
    if workers > 1 and database_url(settings).get_backend_name() == "sqlite":
        raise TabRLError(
            f"{workers} workers need PostgreSQL: a file of SQLite is for one process.",
            "Set TABRL_DATABASE_URL to a PostgreSQL database (`tabrl db copy` fills it), or leave "
            "out --workers.",
        )
    listener = listen(host, port)
    with listener:
        here = _url(host, listener.getsockname()[1])
        studio = Studio(host, here, None, accounts, settings, log, executor)
        if studio.address and not accounts:
            studio = replace(studio, token=token or secrets.token_urlsafe(18))

        def announce() -> None:
            origin = _origin(settings, host, here) if accounts else None
            _announce(f"{origin or here}/", studio.token, open_page)
            if settings.public_url and not accounts:
                print(f"Others find it at {studio.address}/", flush=True)

        if workers == 1:
            run(studio, [listener], here, announce)
        else:
            _origin(settings, host, here) if accounts else None
            announce()
            several(workers, studio, listener)


def run(
    studio: Studio, listeners: list[socket.socket], url: str, announce: Callable[[], None]
) -> None:
    """Serve in this process.

    Args:
        url: where other studios reach this one.
        announce: called once it is ready.

    Raises:
        TakenOverError: another studio has taken over.
    """
    settings = studio.settings
    origin = _origin(settings, studio.host, studio.here) if studio.accounts else None
    engine = Engine(settings, studio.executor, url=url)
    try:
        engine.start()
        hosted = Accounts(engine, origin, settings.openid) if origin else None
        app = create_app(engine, token=studio.token, address=studio.address, hosted=hosted)
        announce()
        if hosted and engine.tenure.leads and (link := hosted.first_link()):
            print(f"Become its owner (shown this once, good for one person): {link}", flush=True)
        server = uvicorn.Server(config(app))
        engine.on_loss = partial(_end, server)
        with _ended_by_signals(server):
            if not engine.tenure.lost:
                server.run(listeners)
        if hosted:
            hosted.close()
    finally:
        engine.close()
    if engine.tenure.lost:
        raise TakenOverError(
            "Another studio has taken over the experiments: this one showed no life for too long.",
            "Start it again: it answers beside the other.",
        )


def _end(server: uvicorn.Server) -> None:
    server.should_exit = True


def several(workers: int, studio: Studio, listener: socket.socket) -> None:
    """Serve in several processes that take turns at one address, until a signal; one that ends is
    started again.

    Raises:
        SystemExit: one could not begin, and has said why.
    """
    ended, spawn = threading.Event(), get_context("spawn")

    def begin() -> SpawnProcess:
        process = spawn.Process(target=_work, args=(studio, listener))
        process.start()
        return process

    with _calling(ended.set):
        running = [begin() for _ in range(workers)]
        while not ended.wait(0.5):
            for i, process in enumerate(running):
                if process.exitcode == REFUSED:
                    ended.set()
                elif process.exitcode is not None:
                    log.warning("a worker ended", extra={"code": process.exitcode})
                    ended.wait(1.0)  # one that ends at once is not started all the time
                    running[i] = begin()
        for process in running:
            process.terminate()
        for process in running:
            process.join()
    if any(process.exitcode == REFUSED for process in running):
        raise SystemExit(1)


def _work(studio: Studio, listener: socket.socket) -> None:
    """One of several; it ends with the process that began it."""
    logs.set_up(studio.log)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        with listen(studio.host, 0) as own:
            run(studio, [listener, own], _url(studio.host, own.getsockname()[1]), lambda: None)
    except TakenOverError as error:
        log.warning(error.message)
    except TabRLError as error:
        print(f"Error: {error}", file=sys.stderr, flush=True)
        raise SystemExit(REFUSED) from error


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    signal.raise_signal(signal.SIGTERM)


def _origin(settings: Settings, host: str, here: str) -> str:
    """Where people open a hosted studio; browsers make passkeys for a name, over HTTPS, or for
    `localhost`.
    """
    if settings.public_url:
        if not re.match(r"https://|http://localhost(:|$)", settings.public_url):
            raise TabRLError(
                f"Accounts need HTTPS, and TABRL_PUBLIC_URL is {settings.public_url}.",
                "Put a proxy with a certificate before the studio, and name its https:// address.",
            )
        return settings.public_url
    if not is_loopback(host):
        raise TabRLError(
            "Accounts need the address by which others find the studio.",
            "Set TABRL_PUBLIC_URL to it, such as https://robots.example; browsers make passkeys "
            "over HTTPS alone.",
        )
    return f"http://localhost:{here.rsplit(':', 1)[1]}"


@contextmanager
def _ended_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """Have a signal end the server and no more: uvicorn raises it again once it has stopped, which
    would end the process before the studio is closed.
    """
    with _calling(partial(_end, server)):
        yield


@contextmanager
def _calling(end: Callable[[], None]) -> Iterator[None]:
    """Have a signal that ends a process call `end` in its place."""

    def take(number: int, frame: FrameType | None) -> None:
        end()

    before = {number: signal.signal(number, take) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def is_loopback(host: str) -> bool:
    """Whether only this machine can connect to this address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def config(app: FastAPI) -> uvicorn.Config:
    """How uvicorn runs the application."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # anybody can send them: TABRL_PUBLIC_URL says what a proxy is called
        timeout_graceful_shutdown=3,
        ws="websockets-sansio",
        ws_max_size=MAX_BODY,
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; `TabRLError` where the address cannot be had."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=256)
    except (OSError, OverflowError) as error:
        raise TabRLError(
            f"Cannot listen on {host}:{port}: {getattr(error, 'strerror', None) or error}.",
            "Choose another one with --port (0 takes any that is free).",
        ) from error


def _url(host: str, port: int) -> str:
    shown = _name_for_others() if host in ("0.0.0.0", "::") else host
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


def _name_for_others() -> str:
    """The address of this machine on its network, or its name where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # chooses a route, sends nothing: RFC 5737
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _announce(url: str, token: str | None, open_page: bool) -> None:
    link = f"{url}?token={token}" if token else url
    print(f"TabRL is at {link}", flush=True)
    if token:
        print(f"Access token (shown this once): {token}", flush=True)
    if open_page:
        threading.Timer(1.0, webbrowser.open, [link]).start()
