"""The product's own story: create, propose, check, launch, collect, compare. No JAX here."""

from tabrl.experiments.check import check_reward, read_reward
from tabrl.experiments.record import Experiment, load
from tabrl.experiments.stop import Stop
from tabrl.experiments.teach import teach

__all__ = ["Experiment", "Stop", "check_reward", "load", "read_reward", "teach"]
