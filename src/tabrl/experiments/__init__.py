"""The product's own story: propose, check, plan, train, judge, compare. No JAX here."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tabrl.experiments.check import check_reward, read_reward
    from tabrl.experiments.command import teach
    from tabrl.experiments.record import Experiment, load
    from tabrl.experiments.stop import Stop

__all__ = ["Experiment", "Stop", "check_reward", "load", "read_reward", "teach"]

_HOMES = {
    "Experiment": "record",
    "Stop": "stop",
    "check_reward": "check",
    "load": "record",
    "read_reward": "check",
    "teach": "command",
}


def __getattr__(name: str) -> Any:
    """Each from its room when it is asked for: a check has no need of the engine, which takes long
    to import.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
