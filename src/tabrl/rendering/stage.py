"""Draws one posed model after another: robot, floor, soft shadow and sky, at 1.5 times the size.

Needs OpenGL, so it is only used in processes that started with `MUJOCO_GL` set.
"""

from typing import TYPE_CHECKING, Self

import mujoco
import numpy as np
from mujoco.rendering.classic import gl_context
from PIL import Image, ImageFilter

from tabrl.rendering.scene import HORIZON, ZENITH, planar_floor

if TYPE_CHECKING:
    from tabrl.robots.catalogue import Camera

SUPERSAMPLING = 1.5
LIGHT_TURN_DEG = -50.0  # from the viewing direction: over the viewer's left shoulder
LIGHT_HEIGHT_DEG = 56.0
SHADOW_PIXELS = 384
SHADOW_BLUR = 3.0  # pixels of the above
SHADOW_RGB = np.array([0.50, 0.53, 0.60])  # what is left of the floor's colour at full shade
SHADE_TO_RGB = (1 - np.linspace(0, 1, 256)[:, None] * (1 - SHADOW_RGB)).astype(np.float32)
COARSE = 8  # pixels between the probes that find where in the picture the shadow is
SKY_RISE_RAD = 0.45  # above the horizon, where the sky is bluest
FAINT = 0.3  # an opacity below which a geom casts no shadow


class Stage:
    """An OpenGL context for one prepared model and one camera direction; close it after use."""

    def __init__(self, model: mujoco.MjModel, camera: "Camera", size: tuple[int, int]):
        """`size` is the clip's (width, height) in pixels; frames come out larger (see `shape`)."""
        width, height = (round(side * SUPERSAMPLING) for side in size)
        self.shape = (height, width, 3)
        self._model = model
        self._view = _viewpoint(camera)
        model.vis.global_.offwidth = max(width, SHADOW_PIXELS)
        model.vis.global_.offheight = max(height, SHADOW_PIXELS)
        model.vis.map.fogstart = 1.6 * camera.distance / model.stat.extent
        model.vis.map.fogend = 5.0 * camera.distance / model.stat.extent
        self._scene = mujoco.MjvScene(model, maxgeom=5000)
        self._option = mujoco.MjvOption()
        self._option.sitegroup[:] = 0
        self._gl = gl_context.GLContext(width, height)
        self._gl.make_current()
        self._context = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_100)
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self._context)
        self._context.readDepthMap = mujoco.mjtDepthMap.mjDEPTH_ZEROFAR
        self._rgb = np.empty(self.shape, np.uint8)
        self._depth = np.empty(self.shape[:2], np.float32)
        self._floor = planar_floor(model)
        self._light = _light_direction(camera.azimuth)
        self._sky, self._below_sky = _sky(camera, model.vis.global_.fovy, height, self._floor)
        self._shadow: SoftShadow | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Frees the OpenGL context."""
        self._context.free()
        self._gl.free()

    def draw(self, data: mujoco.MjData, look_at: np.ndarray) -> np.ndarray:
        """RGB (height, width, 3) uint8 of `data` seen around the point `look_at` (3,) in m.

        The array is reused by the next call.
        """
        self._view.lookat[:] = look_at
        category = mujoco.mjtCatBit.mjCAT_ALL
        mujoco.mjv_updateScene(
            self._model, data, self._option, None, self._view, category, self._scene
        )
        self._light_up(look_at)
        self._set_flags(SHADOW=self._floor is None, FOG=1)
        self._render(self._rgb, self._depth)
        self._paint_sky()
        if self._floor is not None:
            self._shade_floor(data, look_at)
        return self._rgb[::-1]

    def _light_up(self, look_at: np.ndarray) -> None:
        """Adds the key light after the headlight, which fills."""
        light = self._scene.lights[self._scene.nlight]
        light.type = mujoco.mjtLightType.mjLIGHT_DIRECTIONAL
        light.headlight = 0
        light.castshadow = 1
        light.dir[:] = self._light
        light.pos[:] = look_at - 3 * self._light
        light.ambient[:] = 0
        light.diffuse[:] = (0.62, 0.60, 0.56)
        light.specular[:] = 0.35
        light.attenuation[:] = (1, 0, 0)
        self._scene.nlight += 1

    def _set_flags(self, **on: int) -> None:
        self._scene.flags[:] = 0
        for name in ("CULL_FACE", *(name for name, wanted in on.items() if wanted)):
            self._scene.flags[getattr(mujoco.mjtRndFlag, f"mjRND_{name}")] = 1

    def _render(self, rgb: np.ndarray, depth: np.ndarray | None = None) -> None:
        area = mujoco.MjrRect(0, 0, rgb.shape[1], rgb.shape[0])
        mujoco.mjr_render(area, self._scene, self._context)
        mujoco.mjr_readPixels(rgb, depth, area, self._context)

    def _shade_floor(self, data: mujoco.MjData, look_at: np.ndarray) -> None:
        """Darkens the floor where the light does not see it."""
        height = data.geom_xpos[self._floor][2]
        if self._shadow is None:
            self._shadow = SoftShadow(self._scene, self.shape, look_at, height, self._light)
        self._shadow.aim(self._scene, look_at, height)
        for i in range(self._scene.ngeom):
            geom = self._scene.geoms[i]
            if geom.objid == self._floor or geom.rgba[3] < FAINT:
                geom.segid = -1
        self._set_flags(SEGMENT=1, IDCOLOR=1)
        self._render(self._shadow.seen)
        self._shadow.apply(self._rgb, self._depth)

    def _paint_sky(self) -> None:
        """Fills what nothing was drawn on."""
        empty = self._depth[self._below_sky :] == 0
        for row in np.flatnonzero(empty.any(axis=1)):
            self._rgb[self._below_sky + row, empty[row]] = self._sky[self._below_sky + row]


class SoftShadow:
    """The robot's outline as the light sees it, blurred and laid on the floor of the picture.

    The camera keeps its direction and its height, so which spot of the floor a pixel shows
    (relative to the point looked at) is computed once.
    """

    def __init__(
        self,
        scene: mujoco.MjvScene,
        shape: tuple[int, int, int],
        look_at: np.ndarray,
        floor_z: float,
        light: np.ndarray,
    ):
        self.seen = np.empty((SHADOW_PIXELS, SHADOW_PIXELS, 3), np.uint8)
        self._light = light
        self._up = np.array([0.0, 0.0, 1.0]) - light[2] * light
        self._up /= np.linalg.norm(self._up)
        self._right = np.cross(light, self._up)
        camera = scene.camera[0]
        self._radius = 0.9 * float(np.linalg.norm(camera.pos - look_at))
        self._near, self._far = camera.frustum_near, camera.frustum_far
        self._map_pixels(camera, shape, look_at, floor_z)

    def aim(self, scene: mujoco.MjvScene, look_at: np.ndarray, floor_z: float) -> None:
        """Puts the scene's camera into the light."""
        centre = np.array([look_at[0], look_at[1], floor_z])
        for camera in scene.camera:
            camera.orthographic = 1
            camera.pos[:] = centre - 4 * self._radius * self._light
            camera.forward[:] = self._light
            camera.up[:] = self._up
            camera.frustum_center = 0
            camera.frustum_width = self._radius
            camera.frustum_bottom, camera.frustum_top = -self._radius, self._radius
            camera.frustum_near, camera.frustum_far = 0.01, 8 * self._radius

    def apply(self, rgb: np.ndarray, depth: np.ndarray) -> None:
        """Darkens, in place, the pixels of `rgb` that show floor in shadow."""
        outline = Image.fromarray(self.seen.any(axis=2).view(np.uint8) * 255)
        soft = np.asarray(outline.filter(ImageFilter.GaussianBlur(SHADOW_BLUR))).reshape(-1)
        part = _bounds(soft[self._index[::COARSE, ::COARSE]], COARSE)
        shade = soft[self._index[part]]
        floor_depth = self._floor_depth[part[0]]
        shows_floor = np.abs(depth[part] - floor_depth) < 0.003 * floor_depth
        rgb[part] = rgb[part] * SHADE_TO_RGB[np.where(shows_floor, shade, 0)]

    def _map_pixels(
        self,
        camera: mujoco.MjvGLCamera,
        shape: tuple[int, int, int],
        look_at: np.ndarray,
        floor_z: float,
    ) -> None:
        """Finds each pixel's floor depth, and its place in the light's picture."""
        rows, columns = shape[:2]
        tan_half = camera.frustum_top / camera.frustum_near
        y = ((np.arange(rows) + 0.5) / rows * 2 - 1)[:, None, None] * tan_half
        x = ((np.arange(columns) + 0.5) / columns * 2 - 1)[None, :, None]
        x = x * tan_half * columns / rows
        right = np.cross(camera.forward, camera.up)
        ray = np.array(camera.forward) + x * right + y * np.array(camera.up)
        closeness = np.maximum(ray[..., 2] / (floor_z - camera.pos[2]), 1e-9)
        near, far = self._near, self._far
        depth = (near * far * closeness[:, :1] - near) / (far - near)  # the camera does not roll
        self._floor_depth = depth.astype(np.float32)
        spot = camera.pos + ray / closeness[..., None] - [look_at[0], look_at[1], floor_z]
        across = [
            np.floor((spot @ axis / self._radius + 1) * SHADOW_PIXELS / 2)
            for axis in (self._right, self._up)
        ]
        inside = np.logical_and(*((a >= 0) & (a < SHADOW_PIXELS) for a in across))
        index = across[1] * SHADOW_PIXELS + across[0]
        self._index = np.where(inside, index, 0).astype(np.int32)


def _viewpoint(camera: "Camera") -> mujoco.MjvCamera:
    view = mujoco.MjvCamera()
    view.type = mujoco.mjtCamera.mjCAMERA_FREE
    view.azimuth, view.elevation, view.distance = camera.azimuth, camera.elevation, camera.distance
    return view


def _sky(camera: "Camera", fovy_deg: float, rows: int, floor: int | None) -> tuple[np.ndarray, int]:
    """Colour of each pixel row's sky (rows, 3) from the bottom up, and the first row with any."""
    up = np.linspace(-1, 1, rows) * np.tan(np.deg2rad(fovy_deg) / 2)
    pitch = np.deg2rad(camera.elevation) + np.arctan(up)
    blend = np.clip(pitch / SKY_RISE_RAD, 0, 1)[:, None] ** 0.8
    colour = np.round(255 * ((1 - blend) * HORIZON + blend * ZENITH)).astype(np.uint8)
    # An endless floor ends just below the horizon; any other may end anywhere.
    return colour, 0 if floor is None else int(np.searchsorted(pitch, -0.08))


def _bounds(values: np.ndarray, scale: int) -> tuple[slice, slice]:
    """The part of the picture that holds all non-zero `values`, probed every `scale` pixels."""
    ends = []
    for axis in (1, 0):
        hit = np.flatnonzero(values.any(axis=axis))
        first, last = (hit[0], hit[-1]) if len(hit) else (1, -2)
        ends.append(slice(scale * max(first - 1, 0), scale * (last + 2)))
    return ends[0], ends[1]


def _light_direction(azimuth_deg: float) -> np.ndarray:
    turn, height = np.deg2rad(azimuth_deg + LIGHT_TURN_DEG), np.deg2rad(LIGHT_HEIGHT_DEG)
    flat = np.cos(height)
    return np.array([flat * np.cos(turn), flat * np.sin(turn), -np.sin(height)])
