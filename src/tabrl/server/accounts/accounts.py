"""The accounts of a hosted studio, and what belongs to them."""

import json
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from starlette.requests import HTTPConnection

from tabrl.errors import TabRLError
from tabrl.experiments.engine import Engine
from tabrl.server.accounts.asker import Asker, Cookies, asker
from tabrl.server.accounts.limits import Limits
from tabrl.server.accounts.oidc import Provider
from tabrl.server.accounts.passkeys import Passkeys
from tabrl.server.accounts.quotas import Quotas
from tabrl.settings import OpenId
from tabrl.store.tables import Base, PersonRow


class Accounts:
    """People of a studio; made once, beside its engine.

    Args:
        origin: where people open the studio, such as `https://robots.example`.
        openid: the provider that people may sign in by.

    Raises:
        TabRLError: what accounts need is not installed.
    """

    def __init__(self, engine: Engine, origin: str, openid: OpenId | None = None) -> None:
        _refuse_without_packages()
        self._engine, self.people = engine, engine.store.people
        self.origin, self.cookies = origin, Cookies(origin)
        self.limits, self.quotas = Limits(), Quotas(engine)
        self.passkeys = Passkeys(self.people, origin)
        self.provider = Provider(openid, origin) if openid else None

    def first_link(self) -> str | None:
        """The link by which the first owner joins; None where there is an owner."""
        secret = self.people.invite_owner()
        return self.link(secret) if secret else None

    def link(self, secret: str) -> str:
        """The address of an invitation. What follows `#` is sent to no server, kept in no log."""
        return f"{self.origin}/join#{secret}"

    def asker(self, connection: HTTPConnection) -> Asker:
        """Who asks; found once for each request."""
        found = getattr(connection.state, "asker", None)
        return found or asker(connection, self.people, self.cookies)

    def export(self, person: PersonRow, to: IO[bytes]) -> None:
        """Write all that belongs to a person as a zip: `account.json`, and their experiments'
        folders.
        """
        with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as bundle:
            bundle.writestr("account.json", json.dumps(self._told(person), indent=1, default=str))
            for row in self._engine.store.owned(person.id):
                for path, name in _files(Path(row.folder)):
                    try:
                        bundle.write(path, f"experiments/{row.id}/{name}")
                    except FileNotFoundError:  # it was replaced meanwhile
                        continue

    def erase(self, person: PersonRow) -> None:
        """Delete a person with all that is theirs: experiments, and what the
        library has of them.

        Raises:
            ConflictError: it is the only owner, or a command runs one of the experiments.
        """
        self.people.refuse_last_owner(person.id)
        for row in self._engine.store.owned(person.id):
            self._engine.take_back(row.id)
            self._engine.delete(row.id)
        self.people.remove(person.id)

    def remove(self, person: PersonRow) -> None:
        """Remove a person; their experiments become the studio's.

        Raises:
            ConflictError: it is the only owner.
        """
        self.people.refuse_last_owner(person.id)
        self._engine.disown(person.id)
        self.people.remove(person.id)

    def close(self) -> None:
        """Keep what was counted."""
        self.quotas.close()

    def _told(self, person: PersonRow) -> dict[str, Any]:
        """What is known of a person, without what others could sign in with."""
        return {
            "person": _columns(person),
            "passkeys": [_columns(row, "public_key") for row in self.people.passkeys(person.id)],
            "tokens": [_columns(row, "hash") for row in self.people.tokens(person.id)],
            "audit": [_columns(row) for row in self.people.audit(100_000, person=person.id)],
            "votes": self.people.votes(person.id),
            "reports": [
                _columns(row, "person_id")
                for row in self._engine.store.exhibits.reports()
                if row.person_id == person.id
            ],
        }


def _columns(row: Base, *without: str) -> dict[str, Any]:
    return {
        column.key: getattr(row, column.key)
        for column in row.__table__.columns
        if column.key not in without
    }


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path, path.relative_to(folder).as_posix()


def _refuse_without_packages() -> None:
    if missing := [name for name in ("authlib", "webauthn") if find_spec(name) is None]:
        raise TabRLError(
            f"Accounts need packages that are not here: {', '.join(missing)}.",
            "pip install 'tabrl[accounts]'",
        )
