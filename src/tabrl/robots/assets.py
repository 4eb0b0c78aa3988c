"""Robot models from installed data packages, where Playground would clone a repository.

Playground asks for a robot's folder as ``mjx_env.MENAGERIE_PATH / name`` each time that it builds
an environment, and clones MuJoCo Menagerie when that path is missing. Two data-only packages hold
the same folders, so the path is replaced by a lookup in them: nothing is copied or linked.
"""

from importlib.metadata import distribution

import mujoco
from etils import epath
from mujoco_playground._src import mjx_env

from tabrl.errors import TabRLError
from tabrl.robots.packages import PACKAGES, packaged

_asked: set[str] = set()


class PackagedMenagerie:
    """Stands in for the path of a Menagerie checkout: ``menagerie / name`` is a folder."""

    def __truediv__(self, name: str) -> epath.Path:
        """The folder of one robot, such as ``unitree_go1``.

        Raises:
            TabRLError: no data package holds it.
        """
        if folder := packaged(name):
            _asked.add(name)
            return epath.Path(str(folder))
        raise TabRLError(
            f"The model folder {name!r} is in none of the installed data packages.",
            f"Install {' and '.join(p.replace('_', '-') for p in PACKAGES)} again.",
        )

    def exists(self) -> bool:
        """True: folders are looked up one by one."""
        return True


def licences() -> str:
    """The licences of all models from here that this process has built environments of, in full."""
    menagerie = PackagedMenagerie()
    told = {
        f"{name}, a model of MuJoCo Menagerie": (menagerie / name / "LICENSE").read_text()
        for name in sorted(_asked)
    }
    for file in distribution("playground").files or ():
        if file.name == "LICENSE":
            told["MuJoCo Playground, with its scenes"] = file.read_text()
    texts = (f"{what}\n\n{text.strip()}\n" for what, text in told.items())
    return f"\n{'-' * 80}\n\n".join(texts)


def use_packaged_models() -> None:
    """Make Playground read robots from the data packages and never from the network."""
    mjx_env.MENAGERIE_PATH = PackagedMenagerie()
    mjx_env.ensure_menagerie_exists = lambda: None
    if not hasattr(mujoco.MjSpec, "find_body"):
        # Playground's Reachers compare versions as text, where "3.14" is below "3.3.0", and so
        # ask for the method that `body` has replaced.
        mujoco.MjSpec.find_body = mujoco.MjSpec.body
