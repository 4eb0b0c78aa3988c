"""The WebSocket of a policy that runs here: what a person does comes in, what is seen goes out."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from tabrl.errors import BusyError, NotFoundError, TabRLError
from tabrl.experiments.playable import Playable
from tabrl.playing.asks import PlayAsk, Seen
from tabrl.server.live import REFUSED, UNKNOWN
from tabrl.server.players import Session

UNFIT = 4422
IN_FLIGHT = 20
"""Frames that the page has not said to have seen; with more, those between are left out."""
_MOST_REASON = 123  # bytes, RFC 6455


async def play(socket: WebSocket, chosen: Callable[[], Awaitable[Sequence[Playable]]]) -> None:
    """Play what was chosen until the page leaves; what goes wrong is the reason of the close."""
    await socket.accept()
    try:
        session = await socket.app.state.players.open(await chosen())
        try:
            await _Viewer(socket, session).serve()
        finally:
            session.close()
    except WebSocketDisconnect:
        pass  # it left
    except NotFoundError as error:
        await _close(socket, UNKNOWN, error)
    except BusyError as error:
        await _close(socket, REFUSED, error)
    except TabRLError as error:
        await _close(socket, UNFIT, error)


async def _close(socket: WebSocket, code: int, error: TabRLError) -> None:
    reason = str(error).encode()[:_MOST_REASON].decode(errors="ignore")
    await socket.close(code, reason)


class _Viewer:
    """One page. One that is slow is told the newest of what it can take."""

    def __init__(self, socket: WebSocket, session: Session) -> None:
        self._socket, self._session = socket, session
        self._flying: deque[int] = deque()  # numbers of frames that it may not have
        self._landed = asyncio.Event()

    async def serve(self) -> None:
        """Until it leaves or the robots end."""
        both = [asyncio.create_task(self._listen()), asyncio.create_task(self._send())]
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in both:
                task.cancel()

    async def _listen(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect
            try:
                ask = PlayAsk.model_validate_json(message.get("text") or message.get("bytes") or "")
            except ValidationError as error:
                raise TabRLError(_unfit(error)) from None
            if isinstance(ask.root, Seen):
                self._land(ask.root.frame)
            else:
                await self._session.ask(ask.root.model_dump(mode="json"))

    def _land(self, number: int) -> None:
        while self._flying and self._flying[0] <= number:
            self._flying.popleft()
        self._landed.set()

    async def _send(self) -> None:
        while True:
            while len(self._flying) >= IN_FLIGHT:
                self._landed.clear()
                await self._landed.wait()
            frame = await self._session.frame()
            self._flying.append(int.from_bytes(frame[:4], "little"))
            await self._socket.send_bytes(frame)
            self._socket.app.state.meters.messages.inc()


def _unfit(error: ValidationError) -> str:
    """What of a message is wrong, short enough for the reason of a close."""
    first = error.errors()[0]
    if first["type"] == "union_tag_invalid":
        return f"`kind` is one of {first['ctx']['expected_tags']}."
    where = ".".join(map(str, first["loc"][1:]))
    return f"{where or 'This message'}: {first['msg']}."
