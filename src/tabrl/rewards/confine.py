"""Takes from this process, for good, whatever a reward has no need of. Standard library only.

What the kernel lacks is left out and not named in the answer; the caller decides if it is enough.
On Linux a seccomp filter for all threads admits only the calls that computing and answering need:
no file, socket or process can be opened, made, changed or signalled. Landlock says the same again
for the calling thread, and namespaces take the network away. Numbers: Linux UAPI headers.
"""

import contextlib
import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
from pathlib import Path

_CLONE_NEWUSER, _CLONE_NEWIPC, _CLONE_NEWNET = 0x10000000, 0x08000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446

_CLONE_THREAD, _CLONE3 = 0x00010000, 435

# Calls that are allowed, in the order of the numbers below:
# read write close fstat lseek mmap mprotect munmap mremap madvise brk rt_sigaction rt_sigprocmask
# rt_sigreturn sigaltstack sched_yield sched_getaffinity nanosleep clock_gettime clock_getres
# clock_nanosleep gettimeofday getrusage getpid gettid futex exit exit_group getrandom
# restart_syscall rseq set_robust_list
_MACHINES = {  # AUDIT_ARCH; numbers of seccomp and clone; numbers of what is allowed
    "x86_64": (
        *(0xC000003E, 317, 56),
        "0 1 3 5 8 9 10 11 25 28 12 13 14 15 131 24 204 35 228 229 230 96 98 39 186 202 60 231 "
        "318 219 334 273",
    ),
    "aarch64": (
        *(0xC00000B7, 277, 220),
        "63 64 57 80 62 222 226 215 216 233 214 134 135 139 132 124 123 101 113 114 115 169 165 "
        "172 178 98 93 94 278 128 293 99",
    ),
}


def isolate() -> list[str]:
    """Enter namespaces without network or IPC. Call while there is one thread."""
    if sys.platform != "linux":
        return []
    flags = _CLONE_NEWIPC | _CLONE_NEWNET
    if os.geteuid() != 0:
        flags |= _CLONE_NEWUSER
    return ["namespaces"] if ctypes.CDLL(None).unshare(flags) == 0 else []


def confine(cpu_s: int, memory_bytes: int) -> list[str]:
    """Give up files, network, other processes and privileges; bound CPU time and memory.

    Args:
        cpu_s: CPU time from here on, s.
        memory_bytes: address space beyond what is in use now.

    Returns:
        The protections that hold from now on.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    limits = {"CPU": int(used.ru_utime + used.ru_stime) + cpu_s, "FSIZE": 0, "CORE": 0, "NOFILE": 0}
    if sys.platform != "linux":
        return _limit(limits | {"NPROC": 0})  # on Linux it would count the compiler's threads
    machine = platform.machine()  # may read a file
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limits["AS"] = pages * resource.getpagesize() + memory_bytes
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return [*_landlock(libc), *_limit(limits), *_seccomp(libc, machine)]


def _limit(limits: dict[str, int]) -> list[str]:
    for name, value in limits.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    return ["limits"]


def _landlock(libc: ctypes.CDLL) -> list[str]:
    """Handle every right that this kernel knows and allow none: an empty rule set denies all."""
    size = ctypes.c_size_t
    abi = libc.syscall(_LANDLOCK_CREATE_RULESET, None, size(0), 1)
    if abi < 1:
        return []
    files = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)) - 1
    rights = struct.pack("=QQQ", files, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    known = 8 if abi < 4 else 16 if abi < 6 else 24
    ruleset = libc.syscall(_LANDLOCK_CREATE_RULESET, rights, size(known), 0)
    held = ruleset >= 0 and libc.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0
    return [f"Landlock {abi}"] if held else []


def _seccomp(libc: ctypes.CDLL, machine: str) -> list[str]:
    """Answer EPERM to every call that is not in the table, in all threads."""
    if machine not in _MACHINES:
        return []
    arch, seccomp, clone, numbers = _MACHINES[machine]
    program = _filter(arch, clone, [int(number) for number in numbers.split()])
    buffer = ctypes.create_string_buffer(program, len(program))
    pointer = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    set_filter, all_threads = 1, 1
    held = libc.syscall(seccomp, set_filter, all_threads, pointer) == 0
    return ["seccomp"] if held else []


def _filter(arch: int, clone: int, allowed: list[int]) -> bytes:
    """Classic BPF over `struct seccomp_data`: number at 0, architecture at 4, arguments from 16.

    New threads are allowed and new processes are not. clone3 hides its flags behind a pointer:
    ENOSYS makes the C library use clone.
    """
    load, equal, bits, answer = 0x20, 0x15, 0x45, 0x06
    kill, refuse, allow = 0x80000000, 0x00050000, 0x7FFF0000
    code = [(load, 0, 0, 4), (equal, 1, 0, arch), (answer, 0, 0, kill), (load, 0, 0, 0)]
    code += [(equal, 0, 1, _CLONE3), (answer, 0, 0, refuse | errno.ENOSYS)]
    code += [(equal, 0, 4, clone), (load, 0, 0, 16), (bits, 1, 0, _CLONE_THREAD)]
    code += [(answer, 0, 0, refuse | errno.EPERM), (answer, 0, 0, allow)]
    code += [(equal, len(allowed) - i, 0, number) for i, number in enumerate(allowed)]
    code += [(answer, 0, 0, refuse | errno.EPERM), (answer, 0, 0, allow)]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)
