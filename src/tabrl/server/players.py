"""Robots that this machine runs for pages, all in one process, which starts with the first."""

import asyncio
import json
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from tabrl.errors import BusyError, TabRLError
from tabrl.executors.environment import worker_environment
from tabrl.experiments import playable
from tabrl.experiments.playable import Playable
from tabrl.export.instance import BOXED, CONTROL, SCENE
from tabrl.policies.card import read_card
from tabrl.settings import Settings

MOST = 40
"""Robots at once; a control step of Go1 takes a thirtieth of its period."""
IDLE_S = 60.0  # then the process ends
_HEAD = struct.Struct("<IBI")


class Session:
    """The robots of one page. Of frames that nobody took, the newest is kept."""

    def __init__(self, players: "Players", number: int, robots: int) -> None:
        self._players, self._number, self.robots = players, number, robots
        self._frame: bytes | None = None
        self._ended: Exception | None = None
        self._news = asyncio.Event()

    async def frame(self) -> bytes:
        """The next frame.

        Raises:
            BusyError: the process ended; another one may be had at once.
            TabRLError: these robots cannot be played.
        """
        while self._frame is None:
            if self._ended:
                raise self._ended
            self._news.clear()
            await self._news.wait()
        frame, self._frame = self._frame, None
        return frame

    async def ask(self, ask: dict[str, Any]) -> None:
        """Do as a person says: `tabrl.playing.asks.PlayAsk`."""
        await self._players.write({"to": self._number, "ask": ask})

    def close(self) -> None:
        """Nobody watches any more."""
        self._players.close(self._number)

    def take(self, frame: bytes) -> None:
        """Keep a frame in the place of the last one."""
        self._frame = frame
        self._news.set()

    def fail(self, error: Exception) -> None:
        """There will be no more frames."""
        self._ended = self._ended or error
        self._news.set()


class Players:
    """Sessions of all pages; belongs to one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sessions: dict[int, Session] = {}
        self._opened = 0
        self._process: Process | None = None
        self._starting = asyncio.Lock()
        self._reading: asyncio.Task[None] | None = None
        self._retiring: asyncio.TimerHandle | None = None

    async def open(self, policies: Sequence[Playable]) -> Session:
        """Begin to play policies of one robot side by side; the first of a robot takes seconds.

        Raises:
            BusyError: too many robots are played, or they could not be written in time.
            TabRLError: they cannot be played; the message says why.
        """
        self._make_room(len(policies))
        self._opened += 1
        number = self._opened
        session = self._sessions[number] = Session(self, number, len(policies))
        try:
            told, _ = await asyncio.gather(
                asyncio.to_thread(self._written, policies), self._start()
            )
            await self.write({"open": number, "policies": told})
        except BaseException:
            self.close(number)
            raise
        return session

    def _make_room(self, wanted: int) -> None:
        running = sum(session.robots for session in self._sessions.values())
        if running + wanted > MOST:
            raise BusyError(
                f"The server runs {running} of at most {MOST} robots.", "Try again in a while."
            )

    def _written(self, policies: Sequence[Playable]) -> list[dict[str, Any]]:
        if len({read_card(each.policy)["robot"] for each in policies}) > 1:
            raise TabRLError("These policies are of different robots.")
        return [
            {
                "folder": str(playable.played(each.policy, CONTROL, self._settings).parent),
                "scene": str(playable.played(each.policy, SCENE, self._settings)),
                "boxed": str(playable.played(each.policy, BOXED, self._settings)),
                "metric": each.metric and each.metric.model_dump(mode="json"),
            }
            for each in policies
        ]

    async def write(self, line: dict[str, Any]) -> None:
        """Tell the process; what has ended hears nothing."""
        stdin = self._process and self._process.stdin
        if stdin:
            with suppress(ConnectionError):
                stdin.write(json.dumps(line).encode() + b"\n")
                await stdin.drain()

    def close(self, number: int) -> None:
        """End a session; the last one ends the process after a while."""
        if not self._sessions.pop(number, None):
            return
        if self._process and self._process.stdin:
            self._process.stdin.write(json.dumps({"end": number}).encode() + b"\n")
        if not self._sessions:
            loop = asyncio.get_running_loop()
            self._retiring = loop.call_later(IDLE_S, self._retire)

    def _retire(self) -> None:
        if self._process and self._process.stdin and not self._sessions:
            self._process.stdin.close()
            self._process = None

    async def _start(self) -> None:
        if self._retiring:
            self._retiring.cancel()
        async with self._starting:
            if self._process is None:
                self._process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-P", "-m", "tabrl.playing"),
                    stdin=PIPE,
                    stdout=PIPE,
                    env=worker_environment(self._settings),
                )
                self._reading = asyncio.create_task(self._read(self._process))

    async def _read(self, process: Process) -> None:
        """Hand frames to their sessions until the process ends."""
        assert process.stdout
        with suppress(asyncio.IncompleteReadError):
            while True:
                head = await process.stdout.readexactly(_HEAD.size)
                number, failed, size = _HEAD.unpack(head)
                data = await process.stdout.readexactly(size)
                session = self._sessions.get(number)
                if session and failed:
                    session.fail(TabRLError(f"It cannot be played: {data.decode()}"))
                elif session:
                    session.take(data)
        await process.wait()
        if process is self._process:
            self._process = None
            for session in self._sessions.values():
                session.fail(BusyError("The robots' process ended.", "Try again."))

    def end(self) -> None:
        """The server stops."""
        for number in list(self._sessions):
            self.close(number)
        if self._retiring:
            self._retiring.cancel()
        self._retire()
