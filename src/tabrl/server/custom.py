"""Custom robots for the page: what is sent is received, what was made of it is told."""

import shutil
from collections.abc import AsyncIterable
from pathlib import Path

from tabrl.behaviours.library.showcase import showcase
from tabrl.errors import ConflictError, TabRLError
from tabrl.experiments import menagerie
from tabrl.experiments.additions import Addition, scratch_folder
from tabrl.experiments.engine import Engine
from tabrl.experiments.robots import understood
from tabrl.robots.catalogue import custom_robots_folder
from tabrl.robots.catalogue import robot as find_robot
from tabrl.server import gallery
from tabrl.server.models.custom import (
    AdditionStatus,
    Correction,
    CustomRobot,
    JointGroup,
    Menagerie,
    MenagerieHero,
)

FILE = r"^[\w .()+-]{1,100}\.(zip|xml|urdf|ZIP|XML|URDF)$"
_ZIP = b"PK"


async def receive(body: AsyncIterable[bytes], name: str) -> Path:
    """The file that is sent, in a folder of its own.

    Raises:
        TabRLError: it is not what its name says, or there is nothing.
    """
    folder = scratch_folder(custom_robots_folder())
    try:
        path = folder / name
        with path.open("xb") as file:
            async for part in body:
                file.write(part)
        _look(path)
        return path
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _look(path: Path) -> None:
    with path.open("rb") as file:
        begins = file.read(4)
    zipped = begins.startswith(_ZIP)
    if not begins:
        raise TabRLError(f"{path.name} is empty.", "Send an MJCF or URDF file, or a zip.")
    if zipped != (path.suffix.lower() == ".zip"):
        raise TabRLError(
            f"{path.name} is {'a zip' if zipped else 'no zip'}.",
            "A zip is called .zip, an MJCF file .xml and a URDF file .urdf.",
        )


def status(addition: Addition) -> AdditionStatus:
    """Where an addition stands."""
    error = addition.error
    return AdditionStatus(
        id=addition.id,
        source=addition.source,
        state=addition.state,
        stage=addition.stage,
        progress=addition.progress,
        robot=addition.robot,
        error=error.message if error else None,
        hint=error.hint if error else None,
        choices=list(addition.choices),
    )


def custom(id: str, engine: Engine) -> CustomRobot:
    """What was understood of a custom robot."""
    found, robot = understood(id), find_robot(id)
    s, given = robot.structure, found.given
    try:
        engine.refuse_taught(id)
        fixed_since = None if given.source else "What it was made of was not kept."
    except ConflictError as error:
        fixed_since = str(error)
    return CustomRobot(
        **gallery.card(robot),
        source=given.source or None,
        mass=s.mass,
        height=s.base_height,
        floats=s.free_base,
        feet=[foot.name for foot in s.feet],
        hands=[hand.name for hand in s.hands],
        groups=[JointGroup(name=name, joints=list(names)) for name, names in s.groups.items()],
        forward=found.forward or None,
        notes=list(found.notes),
        prompts=list(showcase(robot).values()),
        said=Correction.model_validate(
            {name: getattr(given, name) or None for name in Correction.model_fields}
        ),
        kinds=list(found.kinds),
        ways=list(found.ways),
        bases=list(found.bases),
        fixed_since=fixed_since,
    )


def known() -> Menagerie:
    """What can be had of MuJoCo Menagerie here."""
    names = menagerie.names()
    return Menagerie(
        heroes=[MenagerieHero(name=n, title=t) for n, t in menagerie.HEROES.items()],
        names=names,
        missing=None if names else menagerie.INSTALL,
    )
