"""Where a page finds what metrics read in MuJoCo's data; `web/src/components/live/verdict`."""

from typing import Any

import mujoco

from tabrl.robots.catalogue import Structure
from tabrl.robots.ground import Ground
from tabrl.robots.sites import Soles, place


def anatomy(model: mujoco.MjModel, structure: Structure) -> dict[str, Any]:
    """Rows and places by the names that the robot's series have; a sole's points are x, y, z from
    the foot in its body's frame and the radius about them, m.
    """
    s, soles = structure, Soles(model, structure)
    return {
        "home_height": s.base_height,
        "free_base": s.free_base,
        "base": model.body(s.base_body).id,
        "rough": Ground(model).rough,
        "joints": {j.name: (j.qpos_adr, j.qvel_adr, j.home) for j in s.joints},
        "groups": {name: list(members) for name, members in s.groups.items()},
        "feet": {
            foot.name: (*place(model, foot), int(body), points.tolist())
            for foot, body, points in zip(s.feet, soles.bodies, soles.points, strict=True)
        },
        "hands": {hand.name: place(model, hand) for hand in s.hands},
        "head": place(model, s.head) if s.head else None,
        "bodies": {name: model.body(name).id for name in s.bodies},
        "objects": {name: model.body(name).id for name in s.objects},
    }
