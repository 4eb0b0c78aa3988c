"""A hosted studio on a port of this machine, and people in it as their browsers and programs."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import uvicorn

from tabrl.experiments.create import create
from tabrl.experiments.engine import Engine, Live
from tabrl.server.accounts.accounts import Accounts
from tabrl.server.app import create_app
from tabrl.server.serve import config, listen
from tabrl.settings import OpenId, Settings
from tabrl.store.tables import PersonRow

ROBOT = "Go1JoystickFlatTerrain"
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # quick to make, and not used
NAMES = iter(range(10**9))


@dataclass
class Hosted:
    """A running server with accounts.

    Attributes:
        port: of this machine.
        origin: where people open it: a name, since passkeys take no addresses.
    """

    engine: Engine
    accounts: Accounts
    port: int
    origin: str

    def person(self, role: str, name: str = "") -> PersonRow:
        """Somebody new."""
        people = self.accounts.people
        return people.join(people.invite(role)[1], name or f"Person {next(NAMES)}")

    def browser(self, person: PersonRow | None = None) -> httpx.Client:
        """A client as a browser of theirs, which says what page it asks from."""
        headers = {"Origin": self.origin}
        if person is not None:
            secret = self.accounts.people.sign_in(person.id)
            headers["Cookie"] = f"{self.accounts.cookies.name}={secret}"
        return self.client(headers)

    def program(self, person: PersonRow, *scopes: str) -> httpx.Client:
        """A client as a program of theirs, with an API token."""
        _, secret = self.accounts.people.add_token(person.id, "test", scopes)
        return self.client({"Authorization": f"Bearer {secret}"})

    def client(self, headers: dict[str, str]) -> httpx.Client:
        return httpx.Client(base_url=self.origin, headers=headers, timeout=120, verify=NO_TLS)

    def experiment(self, owner: PersonRow | None, **more: object) -> Live:
        """An experiment without approaches: nothing need run."""
        made = create("Spin", ROBOT, settings=self.engine.settings, client="studio",
                      status="draft", **more)  # fmt: skip
        return self.engine.begin(made, owner.id if owner else None)


@contextmanager
def hosting(settings: Settings, openid: OpenId | None = None) -> Iterator[Hosted]:
    """Runs a hosted studio."""
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    engine = Engine(settings)
    engine.start()
    accounts = Accounts(engine, f"http://localhost:{port}", openid)
    server = uvicorn.Server(config(create_app(engine, hosted=accounts)))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield Hosted(engine, accounts, port, accounts.origin)
    finally:
        server.should_exit = True
        thread.join(10.0)
        accounts.close()
        engine.close()
