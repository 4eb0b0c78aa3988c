"""What goes from the executor to the process that speaks to Ray, and on to a node."""

from dataclasses import dataclass
from typing import Any, Literal

from tabrl import __version__


@dataclass(frozen=True)
class Order:
    """What a slot is asked to do.

    Attributes:
        key: names the job in the cluster; asking twice begins it once.
        spec: the job, as JSON.
        home: the asking side's TABRL_HOME.
        shipped: where the asking side has the policies that ship.
        seen: a file that the asking side made where the job's results belong; empty for a URL.
        handlers: as of `Settings`.
        version: of the asking side's TabRL.
    """

    key: str
    spec: str
    home: str
    shipped: str
    seen: str
    handlers: str | None = None
    version: str = __version__


@dataclass(frozen=True)
class Request:
    """What the bridge is asked for a job.

    Attributes:
        id: the asking side's name for the job.
        do: "begin" it, "attach" to one that was begun by another process, or "cancel" it, which
            ends it at once when it was asked for before.
        heard: how many of its events are known already.
        lasting: whether it outlives the bridge.
        cores: that it takes.
        order: the fields of an `Order`.
    """

    id: str
    do: Literal["begin", "attach", "cancel"]
    heard: int = 0
    lasting: bool = False
    cores: int = 0
    order: dict[str, Any] | None = None
