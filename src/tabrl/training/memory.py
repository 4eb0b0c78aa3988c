"""What a worker keeps from job to job, so that the next one compiles nothing, and how it is given
up: each robot's compiled functions take half a gigabyte.
"""

import ctypes
import gc
from functools import _lru_cache_wrapper
from typing import TypeVar

import jax
import psutil

T = TypeVar("T")
_KEPT: list[_lru_cache_wrapper] = []


def kept(cache: "_lru_cache_wrapper[T]") -> "_lru_cache_wrapper[T]":
    """Have `give_up` empty a cache."""
    _KEPT.append(cache)
    return cache


def slim(most: int) -> None:
    """Return what compiling has left to the system; where the process then still takes more than
    `most` bytes, forget every robot.
    """
    _trim()
    if psutil.Process().memory_info().rss > most:
        give_up()


def give_up() -> None:
    """Forget every robot."""
    for cache in _KEPT:
        cache.cache_clear()
    jax.clear_caches()
    gc.collect()
    _trim()


def _trim() -> None:
    """Compilers leave heaps of freed memory: 0.4 GB after three robots."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):  # glibc has it
        trim(0)
