"""The one place that asks the table: each route names its action, and is refused or let through."""

from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import Depends
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute

from tabrl.errors import NotAllowedError, NotFoundError, SignInError
from tabrl.server.accounts.accounts import Accounts
from tabrl.server.accounts.asker import Asker
from tabrl.server.accounts.rules import TABLE, Reach, Rule, reach
from tabrl.server.accounts.things import NOT_THERE, Finder, Thing


class Gate:
    """Lets through who may do an action to the things that a request names; a dependency.

    A studio without accounts has nobody to ask for.
    """

    def __init__(self, action: str, find: Finder | None) -> None:
        if action not in TABLE:
            raise ValueError(f"{action!r} is not in the table of `rules`.")
        self.action, self._find = action, find

    @property
    def rule(self) -> Rule:
        """Its line of the table."""
        return TABLE[self.action]

    async def __call__(self, connection: HTTPConnection) -> None:
        accounts: Accounts | None = connection.app.state.accounts
        if accounts is None:
            return
        asker = await run_in_threadpool(accounts.asker, connection)
        if self.rule.per_minute is not None:
            accounts.limits.take(asker.name, self.action, self.rule.per_minute)
        decide(self.action, asker)
        named = await self._find(connection) if self._find else []
        decide(self.action, asker, named)
        if self.rule.keeps and asker.person is not None:
            await run_in_threadpool(accounts.quotas.refuse_keeping, asker.person)
        state = connection.state
        state.asker = asker
        if asker.person is not None:
            state.voter = asker.person.id
            state.only = None if reach(self.action, asker.who) is Reach.ALL else asker.person.id
            if self.rule.changes:
                what = ", ".join(each.id for each in named) or connection.scope["route"].name
                state.noted = (asker.person.id, self.action, what)


def tell(connection: HTTPConnection, what: str) -> None:
    """Say more closely what is changed, for those who read of it later."""
    person, action, _ = connection.state.noted
    connection.state.noted = (person, action, what)


def may(action: str, find: Finder | None = None) -> Any:
    """What a route depends on: who may do `action` to the things that `find` finds."""
    return Depends(Gate(action, find))


def decide(action: str, asker: Asker, named: Sequence[Thing] = ()) -> None:
    """Let somebody do something, or not.

    Raises:
        SignInError: somebody else might, who is signed in.
        NotAllowedError: this person may not, or not with this token.
        NotFoundError: the thing is none that this person may know of.
    """
    far = reach(action, asker.who)
    if far is Reach.NONE and asker.person is None:
        raise SignInError("This needs an account.", "Sign in; whoever runs the studio invites.")
    if far is Reach.NONE:
        raise NotAllowedError(
            f"A {asker.who} may not do this.", "An owner of the studio can change what you may."
        )
    if asker.scopes is not None and TABLE[action].scope not in asker.scopes:
        needed = TABLE[action].scope
        hint = f"Make one with the scope {needed!r}." if needed else "Do it in a browser."
        raise NotAllowedError("This API token may not do this.", hint)
    person = asker.person.id if asker.person else None
    if not all(thing.within(far, person) for thing in named):
        raise (
            NotFoundError(*NOT_THERE)
            if person
            else SignInError("This needs an account.", "Sign in, or ask for a link that shares it.")
        )


def allows(connection: HTTPConnection, action: str, thing: Thing) -> bool:
    """Whether who asks may do something to a thing."""
    accounts: Accounts | None = connection.app.state.accounts
    if accounts is None:
        return True
    try:
        decide(action, accounts.asker(connection), [thing])
    except (SignInError, NotAllowedError, NotFoundError):
        return False
    return True


def gate_of(route: BaseRoute) -> Gate | None:
    """The gate of a route."""
    if not isinstance(route, APIRoute | APIWebSocketRoute):
        return None
    calls = (depends.dependency for depends in route.dependencies)
    return next((call for call in calls if isinstance(call, Gate)), None)


def refuse_open(routes: Iterable[BaseRoute]) -> None:
    """Refuse to build an application with a route that names no action."""
    without = [getattr(route, "path", str(route)) for route in routes if gate_of(route) is None]
    if without:
        raise ValueError(f"These routes depend on no `may(...)`: {', '.join(without)}.")
