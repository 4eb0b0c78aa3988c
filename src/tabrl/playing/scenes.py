"""The compiled scenes that robots side by side share: the robot's, and the same with a box."""

import copy
from collections.abc import Callable, Mapping

import mujoco

_MOTORS = ("actuator_gainprm", "actuator_biasprm", "actuator_forcerange")


class Scenes:
    """Both models, in the world that a person chose.

    Args:
        plain: the robot's scene, which others may share.
        boxed: gives the one with a box, once somebody drops it; others may share that, too.
    """

    def __init__(self, plain: mujoco.MjModel, boxed: Callable[[], mujoco.MjModel]) -> None:
        self._trained, self._load = {False: plain}, boxed
        self._own = dict(self._trained)
        self._world: Mapping[str, float] | None = None

    def model(self, *, boxed: bool) -> mujoco.MjModel:
        """The scene without or with a box."""
        if boxed not in self._own:
            self._own[boxed] = self._trained[boxed] = self._load()
            self._change(boxed=boxed)
        return self._own[boxed]

    def change(self, world: Mapping[str, float]) -> None:
        """Another friction, mass and strength of motors than it was trained with; the mass of a
        box stays.
        """
        self._world = world
        for boxed in self._own:
            self._change(boxed=boxed)

    def _change(self, *, boxed: bool) -> None:
        if not self._world:
            return
        trained, robots = self._trained[boxed], self._trained[False].nbody
        if self._own[boxed] is trained:
            self._own[boxed] = copy.copy(trained)  # others keep theirs
        own = self._own[boxed]
        own.geom_friction[:, 0] = trained.geom_friction[:, 0] * self._world["friction"]
        for name in ("body_mass", "body_inertia"):
            getattr(own, name)[:robots] = getattr(trained, name)[:robots] * self._world["mass"]
        for name in _MOTORS:
            getattr(own, name)[:] = getattr(trained, name) * self._world["strength"]


def model_of(scene: bytes) -> mujoco.MjModel:
    """The compiled scene of an `.mjb` file."""
    return mujoco.MjModel.from_binary_path("scene.mjb", {"scene.mjb": scene})
