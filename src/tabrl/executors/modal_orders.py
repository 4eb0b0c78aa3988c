"""What goes to a container at Modal and what it is called there; nothing of Modal's is loaded."""

import os
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tabrl import __version__

APP = "tabrl"
"""Name of the app, of its queue and of its volume at Modal."""
ON_CORES, ON_GPU = "train", "train_on_gpu"
"""The app's functions."""
CORES = 4
"""Physical cores of a container, and physics threads of its training: beyond them it waits more
than it steps."""
MEMORY_GIB = 4
IDLE_S = 60
"""How long Modal keeps a container for the next training, and charges for it, s."""
MOST_S = 24 * 3600
"""How long Modal lets a call run at most, s."""
INSIST_S = 60.0
"""How long a training whose time is over has to end by itself, s."""
KEPT = "kept"
LOG = "events.jsonl"
"""In the volume, below the attempt's key: what it left, by the number of the event that tells of
it, and all that it said."""

END, HERE = "end", "here"
"""What a container is told: to end early; that somebody still listens."""
SPENT = (
    "It was ended since its share of the cap on what Modal may cost is used up.",
    "Its best policy is kept: *Train on* goes on from it. TABRL_MODAL_CAP is the cap.",
)
_PACKAGE = Path(__file__).parents[1]

Files = dict[str, bytes]


@dataclass(frozen=True)
class Order:
    """What a container is asked to do.

    Attributes:
        key: names the attempt in queue and volume.
        spec: the training, as JSON.
        files: folders that travel with it, by the field of the spec that names them; beside those
            `robot` (a custom one) and `trace` (its reward, as the check left it).
        shipped: where the asking side has the policies that ship.
        most_s: how long it may run before it ends early; None for as long as Modal lets it.
        watched: whether it ends early once nobody listens to it.
        handlers: as of `Settings`.
        version: of the asking side's TabRL.
    """

    key: str
    spec: str
    files: dict[str, Files]
    shipped: str
    most_s: float | None = None
    watched: bool = False
    handlers: str | None = None
    version: str = __version__


def here() -> dict[str, str]:
    """What the app has to agree on with whoever asks it: versions, and a digest of the code."""
    code = sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        code.update(path.read_bytes())
    python = "{}.{}".format(*sys.version_info)
    return {"tabrl": __version__, "python": python, "code": code.hexdigest()[:12]}


def orders(key: str) -> str:
    """The partition of the queue in which an attempt is told what to do."""
    return f"{key}-orders"


def pack(folder: Path) -> Files:
    """What is in a folder, by relative path."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def unpack(files: Files, folder: Path) -> Path:
    """Write a packed folder; `ValueError` where a name points outside it."""
    for name, content in files.items():
        path = Path(os.path.normpath(folder / name))
        if not path.is_relative_to(folder):
            raise ValueError(f"{name} points outside its folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
