"""Executors: `inline` in this process, `local` in warm worker processes, `ray` on a cluster. No
JAX here.
"""

from tabrl.executors.base import Executor, Job, make_executor

__all__ = ["Executor", "Job", "make_executor"]
