import contextlib
import io

# MJX prints that it found no Warp, which only a GPU would need.
with contextlib.redirect_stdout(io.StringIO()):
    import mujoco.mjx  # noqa: F401
