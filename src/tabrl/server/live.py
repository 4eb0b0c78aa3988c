"""The WebSocket of an experiment: what is there first, then what changes, the newest a key."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, WebSocket, WebSocketDisconnect
from pydantic import BaseModel

from tabrl.errors import BusyError, NotFoundError
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.engine import Engine, Live
from tabrl.experiments.engine.live import GONE, WHOLE
from tabrl.server.accounts.gate import may
from tabrl.server.accounts.things import by_path, by_share
from tabrl.server.models.live import (
    ApproachMessage,
    DeletedMessage,
    ExperimentMessage,
    ProgressMessage,
    StateMessage,
)
from tabrl.server.services import SHARE
from tabrl.server.views import Views

CACHED = 64  # messages of an experiment
PAUSE_S = 0.05  # changes within this time travel together
GOING_AWAY, REFUSED, UNKNOWN = 1001, 1013, 4404
MOST = 1000

router = APIRouter()


@router.websocket("/api/experiments/{id}/live", dependencies=[may("experiment.see", by_path)])
async def experiment_live(socket: WebSocket, id: Annotated[str, Path(max_length=60)]) -> None:
    """Watch an experiment of one's own."""
    await _serve(socket, id, None)


@router.websocket("/api/shared/{share_id}/live", dependencies=[may("experiment.see", by_share)])
async def shared_live(socket: WebSocket, share_id: Annotated[str, Path(pattern=SHARE)]) -> None:
    """Watch a shared experiment."""
    await _serve(socket, None, share_id)


async def _serve(socket: WebSocket, id: str | None, share_id: str | None) -> None:
    app, engine = socket.app, socket.app.state.engine
    await socket.accept()
    clients: set[Client] = app.state.clients
    try:
        live = engine.find(id) if id is not None else engine.shared(share_id)
    except NotFoundError:
        await socket.close(UNKNOWN, "There is no such experiment.")
        return
    except BusyError:
        await socket.close(REFUSED, "Try again in a moment.")
        return
    if len(clients) >= MOST:
        await socket.close(REFUSED, "Too many are watching.")
        return
    client = Client(socket, engine, app.state.views, live, share_id)
    clients.add(client)
    try:
        await client.serve()
    finally:
        clients.discard(client)


class Client:
    """One browser. A slow one skips progress and still gets every final state, since it is told
    what changed and reads how that stands when it can take more.
    """

    def __init__(
        self, socket: WebSocket, engine: Engine, views: Views, live: Live, share_id: str | None
    ) -> None:
        self._socket, self._engine, self._views = socket, engine, views
        self._live, self._share_id = live, share_id
        self._loop = asyncio.get_running_loop()
        self._changed: dict[str, bool] = {}  # key: whether all of it, not only progress
        self._wake = asyncio.Event()
        self._sent: dict[str, int] = {}  # the last step of each approach's curve
        self._closing = False

    async def serve(self) -> None:
        """Send until the browser leaves, the experiment is deleted or the server stops."""
        end = self._engine.watch(self._live.id, self._note)
        listening = asyncio.create_task(self._listen())
        try:
            await self._send(self._state())
            while not self._closing:
                await self._wake.wait()
                self._wake.clear()
                await self._flush()
                await asyncio.sleep(PAUSE_S)
            await self._socket.close(GOING_AWAY)
        except (WebSocketDisconnect, RuntimeError):
            pass  # it left
        finally:
            end()
            listening.cancel()

    def close(self) -> None:
        """Say goodbye; from the event loop."""
        self._closing = True
        self._wake.set()

    def _note(self, key: str, often: bool) -> None:
        """Called by the studio, from any thread."""
        self._loop.call_soon_threadsafe(self._mark, key, often)

    def _mark(self, key: str, often: bool) -> None:
        self._changed[key] = self._changed.get(key, False) or not often
        self._wake.set()

    async def _listen(self) -> None:
        """The browser has nothing to say; this notices that it left."""
        try:
            while True:
                message = await self._socket.receive()
                if message["type"] == "websocket.disconnect":
                    break
        except RuntimeError:
            pass
        self.close()

    async def _flush(self) -> None:
        changed, self._changed = self._changed, {}
        if GONE in changed or (self._share_id is not None and not self._live.open):
            await self._send(DeletedMessage().model_dump_json())
            self.close()
            return
        for key, whole in changed.items():
            text = self._message(key, whole)
            if text is not None:
                await self._send(text)

    def _state(self) -> str:
        with self._engine.lock:
            for record in self._live.experiment.approaches:
                self._sent[record.folder] = record.curve[-1].step if record.curve else -1
            seen = self._views.experiment(self._live, self._socket.state.voter, self._share_id)
            return StateMessage.model_construct(experiment=seen).model_dump_json()

    def _message(self, key: str, whole: bool) -> str | None:
        """The message about a key as it stands; made once for all who are told the same."""
        with self._engine.lock:
            live, since = self._live, self._sent.get(key, -1)
            record = live.experiment.find(key)
            if record is None and key != WHOLE:
                return None
            if record is not None:
                self._sent[key] = record.curve[-1].step if record.curve else -1
            which = (key, whole, since, self._share_id)
            version, text = live.texts.get(which, (-1, ""))
            if version != live.changes[key]:
                text = self._made(record, whole, since).model_dump_json()
                if len(live.texts) > CACHED:
                    live.texts.clear()
                live.texts[which] = live.changes[key], text
            return text

    def _made(self, record: ApproachRecord | None, whole: bool, since: int) -> BaseModel:
        if record is None:
            head = self._views.head(self._live, self._share_id)
            order = [approach.folder for approach in self._live.experiment.approaches]
            return ExperimentMessage.model_construct(experiment=head, order=order)
        if whole:
            seen = self._views.approach(self._live, record, self._share_id)
            return ApproachMessage.model_construct(approach=seen)
        patch = self._views.progress(self._live, record, since, self._share_id)
        return ProgressMessage.model_construct(approach=patch)

    async def _send(self, text: str) -> None:
        await self._socket.send_text(text)
        self._socket.app.state.meters.messages.inc()
