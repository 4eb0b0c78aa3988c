"""The process that speaks to a Ray cluster, for one parent: JSON lines in, JSON lines out.

    python -m tabrl.executors.ray_bridge ADDRESS
    python -m tabrl.executors.ray_bridge ADDRESS --look MARK    what each node has, a line each

Ray ends a process that cannot reach its head for a minute; so it is this one, and not the studio.
The first lines out say what the cluster has, `places` for trainings of so many `cores` (again when
that changes), or the `error` why there is none. Then each line in is a `Request`; each line out
names the job by its `id` and holds one of: `node`, where it runs; `number` and `event`; `lost`,
message, hint and detail, where what it ran on is gone; `end`.
"""

import json
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

import ray
from ray.actor import ActorHandle
from ray.exceptions import ActorUnavailableError, RayActorError, RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from tabrl import artifacts
from tabrl.errors import TabRLError
from tabrl.executors import ray_slot
from tabrl.executors.ray_orders import Order, Request
from tabrl.executors.ray_slot import UNHEARD, Slot
from tabrl.worker import claim_standard_streams, end_with_parent

NAMESPACE = "tabrl"
MOST_CORES = 4
"""Cores that a training takes at most: beyond them it waits more than it steps."""
WAIT_S = 5.0  # that a slot waits for news before it says that there are none
UNREACHABLE_S = 120.0  # a node may be cut off for so long
WATCH_S = 10.0  # nodes come and go
LOOK_S = 120.0  # JAX and the sandbox are loaded for it
INSIST_S = 5.0  # for a job to end by itself once it was told so twice
WARM = 2  # slots for short jobs that are kept for the next


def main(argv: list[str] | None = None) -> int:
    """Serve until the lines end."""
    address, *more = argv or sys.argv[1:]
    end_with_parent(signal.SIGKILL)
    lines, out = claim_standard_streams()
    bridge = Bridge(out)
    try:
        connect(address)
        if more:
            for node in ray.nodes():
                bridge.write(**_looked_at(node, more[-1]))
            return 0
        cores = cores_each(node_cores())
        bridge.write(places=places(cores))
        bridge.write(cores=cores)
        threading.Thread(target=bridge.watch, args=(cores,), daemon=True).start()
    except TabRLError as error:
        bridge.write(error=[error.message, error.hint])
        return 1
    for line in lines:
        bridge.answer(Request(**json.loads(line)))
    ray.shutdown()
    return 0


def connect(address: str) -> None:
    """Join a cluster.

    Raises:
        TabRLError: with what is missing and the line that mends it.
    """
    try:
        ray.init(address, namespace=NAMESPACE, log_to_driver=False, configure_logging=False)
    except Exception as error:
        raise _unconnected(address, str(error)) from error


def places(cores: int) -> int:
    """How many trainings of so many cores run at once."""
    return sum(int(having // cores) for having in node_cores())


def node_cores() -> list[float]:
    """The cores of each node that is up."""
    return [node["Resources"].get("CPU", 0) for node in ray.nodes() if node["Alive"]]


def _looked_at(node: dict[str, Any], mark: str) -> dict[str, Any]:
    """What a node says of itself, or why it says nothing."""
    name = {"node": node["NodeManagerHostname"], "cores": node["Resources"].get("CPU", 0)}
    if not node["Alive"]:
        return name | {"trouble": "it is down"}
    there = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
    remote: Callable[..., Any] = ray.remote
    asked = remote(num_cpus=0, max_retries=0)(ray_slot.look).options(scheduling_strategy=there)
    try:
        return name | ray.get(asked.remote(mark), timeout=LOOK_S)
    except Exception as error:
        if "No module named 'tabrl'" in str(error):
            return name | {"trouble": "it has no TabRL"}
        return name | {"trouble": str(error).strip().splitlines()[-1]}


def cores_each(nodes: list[float]) -> int:
    """Cores that each training takes, from those of each node: a third of the smallest node's, so
    that an experiment of three fits on any.

    Raises:
        TabRLError: no node has a core.
    """
    having = [int(cores) for cores in nodes if cores >= 1]
    if not having:
        raise TabRLError(
            "No node of this Ray cluster has a core to give.",
            "Add one: `ray start --address=HOST:PORT` on another machine.",
        )
    return max(1, min(MOST_CORES, min(having) // 3))


class Bridge:
    """The jobs of one parent."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._writing = threading.Lock()
        self._jobs: dict[str, _Hearing] = {}
        self._warm: list[ActorHandle] = []

    def write(self, **fields: Any) -> None:
        with self._writing:
            self._out.write(json.dumps(fields).encode() + b"\n")
            self._out.flush()

    def watch(self, cores: int) -> None:
        """Write how many trainings of so many cores run at once, whenever that changes."""
        told = places(cores)
        while True:
            time.sleep(WATCH_S)
            if (now := places(cores)) != told:
                told = now
                self.write(places=told)

    def answer(self, request: Request) -> None:
        """Do what is asked; what comes of it is written later."""
        if request.do == "cancel":
            if job := self._jobs.get(request.id):
                threading.Thread(target=job.cancel, daemon=True).start()
            return
        job = self._jobs[request.id] = _Hearing(request, self)
        with suppress(RayError):  # which it meets again, and tells
            job.place()
        job.start()

    def ended(self, id: str) -> None:
        self._jobs.pop(id, None)

    def light(self) -> ActorHandle:
        """A slot for a short job: it takes no core, as short jobs wait for no training."""
        with self._writing:
            if self._warm:
                return self._warm.pop()
        return _actor(0).remote()

    def keep(self, slot: ActorHandle) -> bool:
        """Whether a slot is kept for the next short job."""
        with self._writing:
            self._warm = [*self._warm, slot][-WARM:]
            return slot in self._warm


class _Hearing(threading.Thread):
    """One job: begins it, passes on what it says, and gives back what it ran on."""

    def __init__(self, request: Request, bridge: Bridge) -> None:
        super().__init__(daemon=True)
        assert request.order is not None
        self._request, self._bridge = request, bridge
        self._order = Order(**request.order)
        self._light = request.cores == 0
        self._slot: ActorHandle | None = None
        self._cancels, self._began, self._done = 0, False, threading.Event()

    def run(self) -> None:
        ended = False
        try:
            if self._begin():
                self._listen()
                ended = True
        except RayError as error:
            self._tell(lost=_lost(error))
        except Exception as error:
            said = f"The cluster could not be used: {type(error).__name__}: {error}"
            self._tell(lost=[said, "`tabrl doctor ray` looks why.", ""])
        self._done.set()
        self._bridge.ended(self._request.id)
        self._tell(end=True)
        if ended or not self._request.lasting:  # else it may well go on: this process is leaving
            with suppress(RayError):
                self._give_back()

    def cancel(self) -> None:
        """Ask the job to end early; the second time, see to it that it does."""
        self._cancels += 1
        insists = self._cancels > 1
        slot = self._slot
        if slot is None:
            return
        if not self._began:  # it waits for a core, or has nothing to keep yet
            ray.kill(slot)
            return
        try:
            ray.get(slot.cancel.remote(), timeout=INSIST_S)
        except RayError:  # its node is out of reach
            insists = True
        if insists and not self._done.wait(INSIST_S):
            ray.kill(slot)

    def _tell(self, **fields: Any) -> None:
        self._bridge.write(id=self._request.id, **fields)

    def place(self) -> None:
        """Find or ask for what it runs on: whoever is placed first gets cores first."""
        request = self._request
        if request.do == "attach":
            with suppress(ValueError):
                self._slot = ray.get_actor(self._order.key, NAMESPACE)
        elif self._light:
            self._slot = self._bridge.light()
        else:
            own = {"lifetime": "detached", "name": self._order.key, "get_if_exists": True}
            named = own | {"namespace": NAMESPACE} if request.lasting else {}
            self._slot = _actor(request.cores, **named).remote(alone=request.lasting)

    def _begin(self) -> bool:
        if self._slot is None:
            self.place()
        if self._slot is None:
            self._read_down()
            return False
        node = ray.get(self._slot.begin.remote(self._order))
        self._began = True
        self._tell(node=node)
        for _ in range(self._cancels):
            self._slot.cancel.remote()
        return True

    def _listen(self) -> None:
        assert self._slot is not None
        heard, ended, reached = self._request.heard, False, time.monotonic()
        while not ended:
            try:
                new, ended = ray.get(self._slot.events.remote(heard, WAIT_S))
                reached = time.monotonic()
            except ActorUnavailableError:  # cut off: it may come back
                if time.monotonic() - reached > UNREACHABLE_S:
                    raise
                time.sleep(1.0)
                continue
            for heard, event in new:
                self._tell(number=heard, event=event)

    def _read_down(self) -> None:
        """Tell the rest of what a training wrote down that ended unheard; else it is lost."""
        url = f"{json.loads(self._order.spec)['out']}/{UNHEARD}"
        if not artifacts.exists(url):
            self._tell(lost=["What it trained on is gone.", "", ""])
            return
        for line in artifacts.read(url).splitlines():
            number, event = json.loads(line)
            if number > self._request.heard:
                self._tell(number=number, event=event)

    def _give_back(self) -> None:
        slot = self._slot
        if slot is None:
            return
        if self._light and not self._cancels and self._bridge.keep(slot):
            return
        try:
            ray.get(slot.close.remote(), timeout=INSIST_S)
        finally:
            ray.kill(slot)


def _actor(cores: int, **options: Any) -> Any:
    remote: Callable[..., Any] = ray.remote
    return remote(num_cpus=cores, max_restarts=0, max_concurrency=16)(Slot).options(**options)


def _lost(error: RayError) -> list[str]:
    """Message, hint and detail."""
    said = str(error).strip()
    if "ModuleNotFoundError: No module named 'tabrl'" in said:
        return ["A node of the cluster has no TabRL.", "`tabrl doctor ray` says which.", said]
    if isinstance(error, RayActorError):
        hint = "If nobody ended it, its memory ran out or its node went down; the detail is Ray's."
        return ["What it ran on in the Ray cluster is gone.", hint, said]
    return ["The Ray cluster could not run it.", "`tabrl doctor ray` looks why.", said]


def _unconnected(address: str, said: str) -> TabRLError:
    """Why a cluster cannot be joined, in words."""
    if "Version mismatch" in said or "version mismatch" in said.lower():
        return TabRLError(
            f"This machine and the Ray cluster differ: {' '.join(said.split())}",
            "Install the same Python and the same `tabrl[ray]` on both.",
        )
    where = "on this machine" if address == "auto" else f"at {address} with this machine in it"
    return TabRLError(
        f"There is no Ray cluster {where}. Ray says: {' '.join(said.split())[:300]}",
        "Start one: `ray start --head`. Join one: `ray start --address=HOST:PORT`, with "
        "--num-cpus=0 where nothing is to run here. Where it asks for a token and you name its "
        "address, set RAY_AUTH_MODE=token.",
    )


if __name__ == "__main__":
    sys.exit(main())
