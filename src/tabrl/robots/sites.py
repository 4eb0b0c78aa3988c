"""Where MuJoCo keeps the points of a robot that the catalogue names."""

import mujoco

from tabrl.robots.catalogue import Site

_FIELD = {"site": "site_xpos", "geom": "geom_xpos", "body": "xpos"}


def place(model: mujoco.MjModel, site: Site) -> tuple[str, int]:
    """The field of `MjData` with world positions (..., 3) m, and the row that is the site's."""
    return _FIELD[site.object_type], getattr(model, site.object_type)(site.object_name).id
