"""Notes who changed what, once it was done."""

import logging

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tabrl.errors import BusyError
from tabrl.store.people import People

log = logging.getLogger(__name__)


class Trail:
    """Writes down what `gate` let through and what was then done; an ASGI middleware."""

    def __init__(self, app: ASGIApp, *, people: People) -> None:
        self._app, self._people = app, people

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                noted = scope.get("state", {}).pop("noted", None)
                if noted is not None:
                    await self._note(*noted)
            await send(message)

        await self._app(scope, receive, answer if scope["type"] == "http" else send)

    async def _note(self, person: str, action: str, thing: str) -> None:
        try:
            await run_in_threadpool(self._people.note, person, action, thing)
        except BusyError:  # what was done is done
            log.exception("not noted", extra={"person": person, "action": action, "thing": thing})
