"""Hostile code, each piece worth a truth when it succeeds. It assumes that every lint has failed.

The targets are SECRET (a file), FOLDER, INHERITED (a descriptor), PORT, and two processes, VICTIM
and PARENT. `attack` makes one reward of many pieces, whose terms tell which of them succeeded.
"""

import textwrap

PRELUDE = """
scope = near.__globals__["__builtins__"]  # as they are: the kernels are honest Python
importing, opening = scope["__import__"], scope["open"]
sys = importing("sys")
modules = sys.modules
os, ctypes, jax = modules["os"], modules["ctypes"], modules["jax"]
np, threading = modules["numpy"], modules["threading"]
libc = ctypes.CDLL(None)
"""

FILES = {
    "read": "opening(SECRET).read()",
    "read_by_descriptor": "os.read(os.open(SECRET, 0), 9)",
    "read_passwd": "opening('/etc/passwd').read()",
    "read_in_a_thread": """

            seen = []
            t = threading.Thread(target=lambda: seen.append(opening(SECRET).read()))
            t.start()
            t.join()
            return seen""",
    "read_through_numpy": "np.load(FOLDER + '/array.npy').size",
    "read_through_memmap": "np.memmap(SECRET).size",
    "read_through_jax": "jax.numpy.load(FOLDER + '/array.npy') is not None",
    "read_through_libc": "libc.fopen(SECRET.encode(), b'r')",
    "read_through_openat": "libc.syscall(257, -100, SECRET.encode(), 0) >= 0",
    "read_through_open": "libc.syscall(2, SECRET.encode(), 0) >= 0",
    "read_inherited": "os.pread(INHERITED, 9, 0)",
    "append": "opening(SECRET, 'a').write('x')",
    "create": "opening(FOLDER + '/made', 'w').write('x')",
    "create_through_libc": "libc.creat((FOLDER + '/creat').encode(), 0o600) >= 0",
    "create_through_numpy": "np.save(FOLDER + '/np.npy', np.ones(3)) is None",
    "create_through_jax": "jax.numpy.save(FOLDER + '/jnp.npy', np.ones(3)) is None",
    "delete": "os.unlink(FOLDER + '/doomed') is None",
    "rename": "os.rename(FOLDER + '/old', FOLDER + '/new') is None",
    "make_folder": "os.mkdir(FOLDER + '/folder') is None",
    "remove_folder": "os.rmdir(FOLDER + '/empty') is None",
    "symlink": "os.symlink(SECRET, FOLDER + '/symlink') is None",
    "link": "os.link(SECRET, FOLDER + '/link') is None",
    "fifo": "os.mkfifo(FOLDER + '/fifo') is None",
    "mode": "os.chmod(SECRET, 0o777) is None",
    "owner": "os.chown(SECRET, os.getuid(), os.getgid()) is None",
    "truncate": "os.truncate(SECRET, 1) is None",
    "times": "os.utime(SECRET, (0, 0)) is None",
    "list": "os.listdir('/')",
    "scan": "os.scandir(FOLDER).__next__()",
    "stat": "os.stat(SECRET).st_size",
    "access": "os.access(SECRET, os.R_OK)",
    "read_link": "os.readlink('/proc/self/exe')",
    "change_folder": "os.chdir('/tmp') is None",
    "where_am_i": "os.getcwd()",
    "memory_file": "os.memfd_create('x') >= 0",
    "pipe": "os.pipe()",
    "duplicate": "os.dup(1) >= 0",
    "ring": "libc.syscall(425, 4, ctypes.create_string_buffer(120)) >= 0",
}

SECRETS = {
    "environment": "'SECRET_KEY' in os.environ",
    "c_environment": "libc.getenv(b'SECRET_KEY')",
    "proc_environment": "b'SECRET_KEY' in opening('/proc/self/environ', 'rb').read()",
    "environment_of_parent": "opening('/proc/%d/environ' % PARENT, 'rb').read()",
    "memory_of_parent": "opening('/proc/%d/mem' % PARENT, 'rb')",
    "command_line_of_victim": "opening('/proc/%d/cmdline' % VICTIM).read()",
}

NETWORK = {
    "tcp": "importing('socket').create_connection(('127.0.0.1', PORT), 1)",
    "udp": "importing('_socket').socket(2, 2).sendto(b'x', ('127.0.0.1', PORT))",
    "unix": "importing('_socket').socket(1, 1)",
    "raw_socket": "importing('_socket').socket(2, 3, 1)",
    "pair": "importing('_socket').socketpair()",
    "listen": "importing('socket').create_server(('127.0.0.1', 0))",
    "socket_through_libc": "libc.socket(2, 1, 0) >= 0",
    "socket_through_syscall": "libc.syscall(41, 2, 1, 0) >= 0",
    "netlink": "libc.socket(16, 3, 0) >= 0",
}

PROCESSES = {
    "fork": "os.fork() or os._exit(0)",
    "fork_through_libc": "(libc.fork() or libc._exit(0)) > 0",
    "fork_through_clone": "(libc.syscall(56, 17, 0, 0, 0, 0) or libc._exit(0)) > 0",
    "shell": "os.system('true') == 0",
    "popen": "os.popen('echo x').read()",
    "spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "subprocess": "importing('subprocess').run(['true']).returncode == 0",
    "kill_parent_softly": "os.kill(PARENT, 0) is None",
    "kill_through_tgkill": "libc.syscall(234, VICTIM, VICTIM, 0) == 0",
    "signal_by_descriptor": "os.pidfd_open(VICTIM) >= 0",
    "trace": "libc.ptrace(0x4206, VICTIM, 0, 0) == 0",
    "affinity": "os.sched_setaffinity(VICTIM, os.sched_getaffinity(0)) is None",
    "priority_of_victim": "os.setpriority(0, VICTIM, 19) is None",
    "limits_of_victim": "importing('resource').prlimit(VICTIM, 7)",
    "more_files": "importing('resource').setrlimit(7, (64, 64)) is None",
    "more_time": "importing('resource').setrlimit(0, (-1, -1)) is None",
    "more_memory": "importing('resource').setrlimit(9, (-1, -1)) is None",
    "survive_parent": "libc.prctl(1, 0, 0, 0, 0) == 0",
    "new_namespace": "libc.unshare(0x04000000) == 0",
    "become_another": "os.setuid(os.getuid()) is None",
    "file_mask": "os.umask(0) >= 0",
    "kill": "os.kill(VICTIM, 15) is None",
}

ALL = FILES | SECRETS | NETWORK | PROCESSES
# Without a sandbox, these succeed for some users and on some machines only.
PRIVILEGED = {"raw_socket", "new_namespace", "trace", "memory_of_parent", "ring", "owner"}
NUMBERED = {name for name, code in ALL.items() if "syscall(" in code}  # numbers of x86-64


def attack(pieces: dict[str, str], targets: dict[str, object]) -> str:
    """A reward with a term `won_<name>` or `lost_<name>` for each piece."""
    lines = [f"{name} = {value!r}" for name, value in targets.items()]
    lines += [PRELUDE, "terms = {}"]
    for name, code in pieces.items():
        body = code if code.startswith("\n") else f"\nreturn {code}"
        lines.append(f"def {name}():{textwrap.indent(textwrap.dedent(body), '    ')}")
        lines.append(f"try:\n    won = {name}()\nexcept:\n    won = False")
        lines.append(f"terms[('won_' if won else 'lost_') + '{name}'] = 1.0")
    return "\n".join([*lines, "def reward(s):\n    return terms\n"])


def alone(code: str) -> str:
    """A reward that runs one piece of code before it pays."""
    body = textwrap.indent(textwrap.dedent(code).strip(), "    ")
    return f"{PRELUDE}\ndef reward(s):\n{body}\n    return {{'pay': s.time}}\n"
