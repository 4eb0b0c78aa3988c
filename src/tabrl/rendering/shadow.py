"""A soft shadow on a level floor: the actors' outline as the light sees them, blurred."""

import mujoco
import numpy as np
from PIL import Image, ImageFilter

PIXELS = 384  # of the light's picture, a side
BLUR = 3.0  # of the light's pixels
REACH = 0.9  # half the light's picture in units of the camera's distance
LEFT_RGB = np.array([0.50, 0.53, 0.60])  # of the floor's colour where no light falls
SHADE_TO_RGB = (1 - np.linspace(0, 1, 256)[:, None] * (1 - LEFT_RGB)).astype(np.float32)
COARSE = 8  # pixels between the probes that find where in the picture the shadow is


class SoftShadow:
    """Casts one light's shadow into pictures whose camera keeps its direction.

    So which spot of the floor a pixel shows, relative to the point looked at, is computed anew only
    when the camera's height changes.
    """

    def __init__(self, light: np.ndarray, distance: float):
        """`light` is the unit direction in which it shines; `distance` the camera's, in m."""
        self.outline = np.empty((PIXELS, PIXELS, 3), np.uint8)
        self._light = light
        self._up = np.array([0.0, 0.0, 1.0]) - light[2] * light
        self._up /= np.linalg.norm(self._up)
        self._right = np.cross(light, self._up)
        self._radius = REACH * distance

    def look_from(
        self, camera: mujoco.MjvGLCamera, floor: np.ndarray, size: tuple[int, int]
    ) -> None:
        """Finds, for each pixel of a picture (width, height), its place in the light's picture.

        `floor` (3,) m is the floor's point below the point looked at.
        """
        ray = pixel_rays(camera, size)
        drop = ray[..., 2:] / (floor[2] - camera.pos[2])
        spot = camera.pos - floor + ray / np.maximum(drop, 1e-9)
        column, row = (
            np.floor((spot @ axis / self._radius + 1) * PIXELS / 2)
            for axis in (self._right, self._up)
        )
        inside = (column >= 0) & (column < PIXELS) & (row >= 0) & (row < PIXELS)
        index = np.where(inside, row * PIXELS + column, PIXELS * PIXELS)  # one past the end: lit
        self._index = index.astype(np.int32)

    def aim(self, scene: mujoco.MjvScene, floor: np.ndarray) -> None:
        """Moves the scene's camera into the light."""
        for camera in scene.camera:
            camera.orthographic = 1
            camera.pos[:] = floor - 4 * self._radius * self._light
            camera.forward[:] = self._light
            camera.up[:] = self._up
            camera.frustum_center, camera.frustum_width = 0, self._radius
            camera.frustum_bottom, camera.frustum_top = -self._radius, self._radius
            camera.frustum_near, camera.frustum_far = 0.01, 8 * self._radius

    def darken(self, picture: np.ndarray) -> None:
        """Lays the shadow of `outline` (drawn by now) on a picture of the bare floor, in place."""
        sharp = Image.fromarray(self.outline.any(axis=2).view(np.uint8) * 255)
        soft = np.append(np.asarray(sharp.filter(ImageFilter.GaussianBlur(BLUR))), np.uint8(0))
        part = bounds(soft[self._index[::COARSE, ::COARSE]], COARSE)
        picture[part] = picture[part] * SHADE_TO_RGB[soft[self._index[part]]]


def pixel_rays(camera: mujoco.MjvGLCamera, size: tuple[int, int]) -> np.ndarray:
    """World directions (height, width, 3) of the pixels, one unit deep, bottom row first."""
    width, height = size
    tan_half = camera.frustum_top / camera.frustum_near
    y = ((np.arange(height) + 0.5) / height * 2 - 1) * tan_half
    x = ((np.arange(width) + 0.5) / width * 2 - 1) * tan_half * width / height
    forward, up = np.array(camera.forward), np.array(camera.up)
    return forward + x[None, :, None] * np.cross(forward, up) + y[:, None, None] * up


def bounds(values: np.ndarray, scale: int = 1) -> tuple[slice, slice]:
    """The smallest part that holds all non-zero `values`, probes `scale` pixels apart."""
    spans = []
    for axis in (1, 0):
        hit = np.flatnonzero(values.any(axis=axis))
        first, last = (hit[0], hit[-1]) if len(hit) else (1, -2)
        spans.append(slice(scale * max(first - 1, 0), scale * (last + 2)))
    return spans[0], spans[1]
