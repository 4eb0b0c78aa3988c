"""The app at Modal: its image, its volume and queue, and the functions that train.

`tabrl deploy modal` imports this module to deploy it, and Modal imports it in each container.
"""

import os
import sys
from pathlib import Path
from queue import Empty
from typing import Any

import modal

from tabrl.executors.modal_orders import (
    APP,
    CORES,
    IDLE_S,
    MEMORY_GIB,
    MOST_S,
    ON_CORES,
    ON_GPU,
    Order,
    here,
    orders,
)
from tabrl.executors.modal_run import Result, Training

LOCK, GPU = "TABRL_MODAL_LOCK", "TABRL_MODAL_GPU"
"""Variables that only `tabrl deploy modal` sets: the lock file, and whether there is a function for
GPUs."""
VOLUME = os.environ.get("TABRL_MODAL_VOLUME", "/vol")
PYTHON = "{}.{}".format(*sys.version_info)
_PACKAGE = Path(__file__).parents[1]
_DRAWING = ("libegl1", "libgl1-mesa-dri", "libopengl0")


def image(lock: str) -> modal.Image:
    """What a container finds: this Python, the locked packages, and this TabRL as it is here."""
    return (
        modal.Image.debian_slim(python_version=PYTHON)
        .apt_install(*_DRAWING)
        # The lock is whole: what it leaves out, such as Warp, no container needs.
        .uv_pip_install(requirements=[lock], extra_options="--no-deps --require-hashes")
        .env({"MUJOCO_GL": "egl", "TABRL_HOME": "/tmp/tabrl", "TABRL_CACHE": "/tmp/tabrl-cache"})
    )


def with_cuda(plain: modal.Image) -> modal.Image:
    """The same with what JAX needs of NVIDIA's, of the version that is locked."""
    from importlib.metadata import version

    return plain.uv_pip_install(f"jax[cuda12]=={version('jax')}")


def _with_code(built: modal.Image) -> modal.Image:
    """The page is no business of a container."""
    ignored = ["**/__pycache__", "server/static", "library"]
    return built.add_local_dir(_PACKAGE, "/root/tabrl", ignore=ignored)


app = modal.App(APP, tags=here() if modal.is_local() else {})
volume = modal.Volume.from_name(APP, create_if_missing=True, version=2)
queue = modal.Queue.from_name(APP, create_if_missing=True)
_here = modal.is_local()
_plain = image(os.environ[LOCK]) if _here and LOCK in os.environ else modal.Image.debian_slim()
_what: dict[str, Any] = {
    "volumes": {VOLUME: volume},
    "cpu": float(CORES),
    "memory": MEMORY_GIB * 1024,
    "timeout": MOST_S,
    "retries": 0,
    "scaledown_window": IDLE_S,
    "include_source": False,
}


@app.function(name=ON_CORES, image=_with_code(_plain), **_what)
def train(order: dict[str, Any]) -> Result:
    """Train on cores; see `modal_run.Training`."""
    return _run(Order(**order))


def train_on_gpu(order: dict[str, Any]) -> Result:
    """The same where there is a card; whoever calls it chooses which."""
    return _run(Order(**order))


if not _here or GPU in os.environ:
    app.function(name=ON_GPU, image=_with_code(with_cuda(_plain)), gpu="T4", **_what)(train_on_gpu)


def _run(order: Order) -> Result:
    call = modal.current_function_call_id() or ""
    return Training(order, Path(VOLUME, order.key), _Channel(order.key), call).run()


class _Channel:
    """A container's side of queue and volume."""

    def __init__(self, key: str) -> None:
        self._key = key

    def tell(self, news: dict[str, Any]) -> None:
        queue.put(news, block=False, partition=self._key)

    def order(self, wait_s: float) -> str | None:
        try:
            return str(queue.get(timeout=wait_s, partition=orders(self._key)))
        except Empty:
            return None

    def commit(self) -> None:
        volume.commit()
