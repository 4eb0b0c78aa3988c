"""Runs the studio as one process."""

import re
import secrets
import signal
import socket
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
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
) -> None:
    """Serve until a signal; what trains goes on at the next start.

    Args:
        accounts: whether people sign in; then nobody needs the token.

    Raises:
        TabRLError: the address cannot be had, another studio uses the same home, there is no such
            cluster, or accounts cannot be had.
    """
    logs.set_up(log)
    listener = listen(host, port)
    here = _url(host, listener.getsockname()[1])
    address = settings.public_url or (None if is_loopback(host) else here)
    token = token or secrets.token_urlsafe(18) if address and not accounts else None
    try:
        origin = _origin(settings, host, here) if accounts else None
        engine = Engine(settings, executor)
    except BaseException:
        listener.close()
        raise
    try:
        engine.start()
        hosted = Accounts(engine, origin, settings.openid) if origin else None
        app = create_app(engine, token=token, address=address, hosted=hosted)
        _announce(f"{origin or here}/", token, open_page)
        if hosted and (link := hosted.first_link()):
            print(f"Become its owner (shown this once, good for one person): {link}", flush=True)
        if settings.public_url and not accounts:
            print(f"Others find it at {address}/", flush=True)
        server = uvicorn.Server(config(app))
        with _ended_by_signals(server):
            server.run([listener])
        if hosted:
            hosted.close()
    finally:
        engine.close()


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

    def end(number: int, frame: FrameType | None) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
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
