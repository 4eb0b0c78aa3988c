"""Executors: `inline` in this process, `local` in warm worker processes. No JAX here."""

from tabrl.executors.base import Executor, Job, make_executor

__all__ = ["Executor", "Job", "make_executor"]
