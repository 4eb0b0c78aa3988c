"""Draws one posed model after another: sky and scenery, a soft shadow, and the actors on top.

The layers are drawn apart because they cost so differently in software: the scenery (the floor, a
table or terrain) fills the picture and is smooth, so it is drawn at the size of the clip (once,
while the camera stands still); the actors are few pixels with sharp edges, so they are drawn at
twice the size and averaged. OpenGL's own shadows would cost as much as all else.

Needs OpenGL, so it is only used in processes that started with `MUJOCO_GL` set.
"""

from typing import TYPE_CHECKING, Self

import mujoco
import numpy as np
from mujoco.rendering.classic import gl_context

from tabrl.rendering.scene import (
    ACTORS,
    HORIZON,
    SCENERY,
    ZENITH,
    planar_floor,
    shadow_height,
)
from tabrl.rendering.shadow import PIXELS, SoftShadow, bounds, pixel_rays

if TYPE_CHECKING:
    from tabrl.robots.catalogue import Camera

KEY_TURN_DEG, KEY_HEIGHT_DEG = -50.0, 56.0  # over the viewer's left shoulder
RIM_TURN_DEG, RIM_HEIGHT_DEG = 150.0, 25.0  # from behind, on the side away from the key light
KEY_RGB = (0.54, 0.52, 0.48)
RIM_RGB = (0.32, 0.37, 0.45)
SKY_RISE_RAD = 0.45  # above the horizon, where the sky is bluest
ROOM = 1000  # for what MuJoCo draws beside geoms and tendons
DEPTH = (0.02, 100.0)  # what is nearest and farthest, in units of the camera's distance
FOG = (1.6, 5.0)  # where the floor starts and ends to fade, in units of the camera's distance


class Stage:
    """An OpenGL context for one prepared model and one camera direction; close it after use.

    Shadows fall on one level: the floor's, a table's top, or the mean height of a terrain.
    """

    def __init__(self, model: mujoco.MjModel, camera: "Camera", size: tuple[int, int]):
        """`size` is the pictures' (width, height) in pixels."""
        width, height = size
        self._model = model
        self._camera = mujoco.MjvCamera()
        self._camera.azimuth, self._camera.elevation = camera.azimuth, camera.elevation
        self._camera.distance = camera.distance
        _fit_to_camera(model, camera, (max(2 * width, PIXELS), max(2 * height, PIXELS)))
        self._scene = mujoco.MjvScene(model, maxgeom=ROOM + model.ngeom + 2 * model.nwrap)
        self._gl = gl_context.GLContext(2 * width, 2 * height)
        self._gl.make_current()
        self._context = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_100)
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self._context)
        self._context.readDepthMap = mujoco.mjtDepthMap.mjDEPTH_ZEROFAR
        self._rgb = np.empty((2 * height, 2 * width, 3), np.uint8)
        self._depth = np.empty((2 * height, 2 * width), np.float32)
        key = _direction(camera.azimuth + KEY_TURN_DEG, -KEY_HEIGHT_DEG)
        rim = _direction(camera.azimuth + RIM_TURN_DEG, -RIM_HEIGHT_DEG)
        self._lights = ((key, KEY_RGB, 0.4), (rim, RIM_RGB, 0.5))
        self._is_planar = planar_floor(model) is not None
        self._shadow_z = shadow_height(model)
        self._scenery_depth = np.zeros((2 * height, 1), np.float32)
        self._shadow = SoftShadow(key, camera.distance)
        self._sky = np.broadcast_to(_sky(camera, model, height), (height, width, 3))
        self._backdrop = self._sky
        self._seen_from: np.ndarray | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Frees the OpenGL context."""
        self._context.free()
        self._gl.free()

    def draw(self, data: mujoco.MjData, look_at: np.ndarray) -> np.ndarray:
        """RGB (height, width, 3) uint8 of `data` seen around the point `look_at` (3,) in m."""
        self._gl.make_current()
        self._camera.lookat[:] = look_at
        if self._shadow_z is not None:
            self._draw_scenery(data, look_at)
        picture = self._backdrop.copy()
        self._update(data, ACTORS)
        self._render(self._rgb, self._depth, FOG=1)
        if self._shadow_z is not None:
            self._shadow.aim(self._scene, self._below(look_at))
            self._render(self._shadow.outline, SEGMENT=1, IDCOLOR=1)
            self._shadow.darken(picture)
        _lay_over(picture, self._rgb, self._depth > self._scenery_depth)
        return picture[::-1]

    def _draw_scenery(self, data: mujoco.MjData, look_at: np.ndarray) -> None:
        """Redraws the backdrop if the camera has moved."""
        if self._seen_from is not None and np.array_equal(self._seen_from, look_at):
            return
        self._update(data, SCENERY)
        if self._seen_from is None or self._seen_from[2] != look_at[2]:
            self._survey(self._below(look_at))
        self._seen_from = look_at.copy()
        rgb = np.empty(self._sky.shape, np.uint8)
        depth = np.empty(self._sky.shape[:2], np.float32)
        self._render(rgb, depth, FOG=1)
        above = bounds(depth == 0)
        rgb[above] = np.where(depth[above][..., None] == 0, self._sky[above], rgb[above])
        self._backdrop = rgb
        if not self._is_planar:
            self._scenery_depth = depth.repeat(2, axis=0).repeat(2, axis=1)

    def _survey(self, floor: np.ndarray) -> None:
        """Computes what depends on the camera's direction and height only."""
        camera, size = self._scene.camera[0], self._sky.shape[1::-1]
        self._shadow.look_from(camera, floor, size)
        if not self._is_planar:
            return
        near, far = camera.frustum_near, camera.frustum_far
        ray = pixel_rays(camera, (1, len(self._scenery_depth)))[..., 2]
        closeness = np.maximum(ray / (floor[2] - camera.pos[2]), 0)
        # MuJoCo's depth: 1 at the near plane, 0 at the far one, linear in the inverse distance.
        depth = (near * far * closeness - near) / (far - near)
        self._scenery_depth = np.maximum(depth, 0).astype(np.float32)

    def _below(self, look_at: np.ndarray) -> np.ndarray:
        return np.array([look_at[0], look_at[1], self._shadow_z])

    def _update(self, data: mujoco.MjData, group: int) -> None:
        """Fills the scene with one group of geoms, as the camera sees it."""
        option = mujoco.MjvOption()
        option.sitegroup[:] = 0
        option.geomgroup[:] = 0
        option.geomgroup[group] = 1
        option.tendongroup[:] = group == ACTORS
        every = mujoco.mjtCatBit.mjCAT_ALL
        mujoco.mjv_updateScene(self._model, data, option, None, self._camera, every, self._scene)
        for direction, colour, shine in self._lights:
            light = self._scene.lights[self._scene.nlight]
            light.type = mujoco.mjtLightType.mjLIGHT_DIRECTIONAL
            light.headlight = 0
            light.castshadow = 0
            light.pos[:] = self._camera.lookat - 3 * direction
            light.dir[:] = direction
            light.ambient[:] = 0
            light.diffuse[:] = colour
            light.specular[:] = shine
            light.attenuation[:] = (1, 0, 0)
            self._scene.nlight += 1

    def _render(self, rgb: np.ndarray, depth: np.ndarray | None = None, **flags: int) -> None:
        """Draws into `rgb` (and `depth`), with the named render flags on."""
        self._scene.flags[:] = 0
        for name, value in {"CULL_FACE": 1, **flags}.items():
            self._scene.flags[getattr(mujoco.mjtRndFlag, f"mjRND_{name}")] = value
        area = mujoco.MjrRect(0, 0, rgb.shape[1], rgb.shape[0])
        mujoco.mjr_render(area, self._scene, self._context)
        mujoco.mjr_readPixels(rgb, depth, area, self._context)


def _lay_over(picture: np.ndarray, layer: np.ndarray, seen: np.ndarray) -> None:
    """Averages the `seen` (2h, 2w) pixels of `layer` onto `picture` (h, w, 3), in place."""
    rows, columns = bounds(seen[::2, ::2] | seen[1::2, 1::2])
    fine = slice(2 * rows.start, 2 * rows.stop), slice(2 * columns.start, 2 * columns.stop)
    cover = seen[fine].astype(np.uint16)[..., None]
    colour, weight = (
        a[0::2, 0::2] + a[1::2, 0::2] + a[0::2, 1::2] + a[1::2, 1::2]
        for a in (layer[fine] * cover, cover)
    )
    part = picture[rows, columns]
    picture[rows, columns] = (colour + (4 - weight) * part + 2) >> 2


def _fit_to_camera(model: mujoco.MjModel, camera: "Camera", buffer: tuple[int, int]) -> None:
    """Sizes what MuJoCo measures in units of the model, but a viewer sees from the camera."""
    model.vis.global_.offwidth, model.vis.global_.offheight = buffer
    model.vis.global_.ipd = 0  # or the scene's first camera would be a left eye, 3 cm aside
    unit = camera.distance / model.stat.extent
    model.vis.map.fogstart, model.vis.map.fogend = FOG[0] * unit, FOG[1] * unit
    model.vis.map.znear, model.vis.map.zfar = DEPTH[0] * unit, DEPTH[1] * unit


def _sky(camera: "Camera", model: mujoco.MjModel, rows: int) -> np.ndarray:
    """Colours (rows, 1, 3) uint8 from the bottom up: the horizon's, and bluer above it."""
    up = np.linspace(-1, 1, rows) * np.tan(np.deg2rad(model.vis.global_.fovy) / 2)
    pitch = np.deg2rad(camera.elevation) + np.arctan(up)
    blend = np.clip(pitch / SKY_RISE_RAD, 0, 1)[:, None, None] ** 0.8
    return np.round(255 * ((1 - blend) * HORIZON + blend * ZENITH)).astype(np.uint8)


def _direction(azimuth_deg: float, elevation_deg: float) -> np.ndarray:
    azimuth, elevation = np.deg2rad(azimuth_deg), np.deg2rad(elevation_deg)
    flat = np.cos(elevation)
    return np.array([flat * np.cos(azimuth), flat * np.sin(azimuth), np.sin(elevation)])
