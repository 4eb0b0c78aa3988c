"""What a worker keeps from job to job, so that the next one compiles nothing, and how it is given
up: each robot's compiled functions take half a gigabyte.
"""

import ctypes
import gc
import sys
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


def resident() -> int:
    """Memory of this process, bytes."""
    return int(psutil.Process().memory_info().rss)


def give_up() -> None:
    """Forget every robot, and return its memory to the system."""
    for cache in _KEPT:
        cache.cache_clear()
    jax.clear_caches()
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
