"""Tries to get out of the reward language, each by another way: bodies of `def reward(s):`, and
whole sources where a body would not do. Each one compiles.
"""

WALKS = {
    "class of a tuple": "return {'a': ().__class__.__base__.__subclasses__()}",
    "class of text": "return {'a': ''.__class__.__mro__[1]}",
    "class of a number": "return {'a': (1).__class__}",
    "class of a signal": "return {'a': s.height.__class__}",
    "class of s": "return {'a': type(s)}",
    "dictionary of s": "return {'a': s.__dict__['_values']}",
    "private values of s": "return {'a': s._values}",
    "private rows of s": "return {'a': s._picks}",
    "lookup of s": "return {'a': s.__getattr__('_values')}",
    "method of s": "return {'a': s._pick('joint', 'x')}",
    "init of s": "return {'a': s.__init__.__globals__}",
    "globals of a kernel": "return {'a': near.__globals__['__builtins__']}",
    "code of a kernel": "return {'a': near.__code__.co_consts}",
    "defaults of a kernel": "return {'a': oscillate.__defaults__}",
    "closure of a kernel": "return {'a': near.__closure__}",
    "wrapped kernel": "return {'a': near.__wrapped__}",
    "module of a kernel": "return {'a': near.__module__}",
    "dictionary of jnp": "return {'a': jnp.__dict__}",
    "globals of a function of jnp": "return {'a': jnp.sin.__globals__}",
    "wrapped function of jnp": "return {'a': jnp.sum.__wrapped__}",
    "module in jnp": "return {'a': jnp.linalg.jax}",
    "dtype of a signal": "return {'a': s.height.dtype.type}",
    "aval of a signal": "return {'a': s.height.aval}",
    "trace of a signal": "return {'a': s.height._trace}",
    "device of a signal": "return {'a': s.height.device}",
    "underscored result": "return {'a': jnp.array([1.0])._value}",
    "self of a builtin": "return {'a': abs.__self__}",
    "attribute by loop": "return {'a': sum(x.__class__ for x in (1, 2))}",
    "attribute of a call": "return {'a': near(1, 2, 3).__reduce__()}",
    "attribute of an index": "return {'a': s.joint_pos[0].__reduce__()}",
}

WORDS = {
    "format of text": "return {'a': '{0.__class__}'.format(s)}",
    "format_map": "return {'a': '{a.__init__}'.format_map(s)}",
    "f-string": "return {'a': f'{s.__class__}'}",
    "f-string that calls": "return {'a': f'{open(1)}'}",
    "nested f-string": "return {'a': f\"{f'{s._values}'}\"}",
    "percent": "return {'a': '%s' % s}",
    "percent of width": "return {'a': '%999999999d' % 1}",
    "text times": "return {'a': 'x' * 99999999}",
    "joined text": "return {'a': ''.join(('o', 'p'))}",
    "encoded text": "return {'a': 'abc'.encode('idna')}",
    "bytes": "return {'a': b'abc'.decode()}",
    "name in text": "return {'a': vars()['s']}",
}

NAMES = {
    "__import__": "return {'a': __import__('os').system('true')}",
    "builtins": "return {'a': __builtins__['open']}",
    "loader": "return {'a': __loader__.load_module('os')}",
    "open": "return {'a': open('/etc/passwd').read()}",
    "eval": "return {'a': eval('1')}",
    "exec": "exec('import os')\n    return {'a': 1}",
    "compile": "return {'a': compile('1', 'x', 'eval')}",
    "getattr": "return {'a': getattr(s, '_val' 'ues')}",
    "setattr": "setattr(s, 'height', 1)\n    return {'a': 1}",
    "globals": "return {'a': globals()['jnp']}",
    "locals": "return {'a': locals()}",
    "dir": "return {'a': dir(s)}",
    "object": "return {'a': object()}",
    "type of three": "return {'a': type('A', (), {})}",
    "super": "return {'a': super()}",
    "breakpoint": "breakpoint()\n    return {'a': 1}",
    "input": "return {'a': input()}",
    "help": "return {'a': help()}",
    "memoryview": "return {'a': memoryview(b'x')}",
    "map": "return {'a': sum(map(abs, (1, 2)))}",
    "iter without end": "return {'a': sum(iter(int, 1))}",
}

LIBRARY = {
    "jnp.save": "jnp.save('/tmp/x', s.joint_pos)\n    return {'a': 1}",
    "jnp.savez": "jnp.savez('/tmp/x', s.joint_pos)\n    return {'a': 1}",
    "jnp.load": "return {'a': jnp.load('/tmp/x.npy')}",
    "jnp.fromfile": "return {'a': jnp.fromfile('/etc/passwd')}",
    "jnp.frompyfunc": "return {'a': jnp.frompyfunc(abs, 1, 1)(s.height)}",
    "jnp.vectorize": "return {'a': jnp.vectorize(abs)(s.height)}",
    "jnp.apply_along_axis": "return {'a': jnp.apply_along_axis(abs, 0, s.joint_pos)}",
    "jnp.piecewise": "return {'a': jnp.piecewise(s.height, [True], [abs])}",
    "jnp.linalg.inv": "return {'a': jnp.linalg.inv(s.joint_pos)}",
    "jnp.fft": "return {'a': jnp.fft.fft(s.joint_pos)}",
    "jnp.ones": "return {'a': jnp.ones((99999, 99999)).sum()}",
    "jnp.arange": "return {'a': jnp.arange(10 ** 9).sum()}",
    "jnp.tile": "return {'a': jnp.tile(s.joint_pos, 999999999).sum()}",
    "jnp.repeat": "return {'a': jnp.repeat(s.joint_pos, 999999999).sum()}",
    "jax.debug": "jax.debug.callback(abs, s.height)\n    return {'a': 1}",
    "jax.debug.print": "jax.debug.print('{}', s.height)\n    return {'a': 1}",
    "pure_callback": "return {'a': jax.pure_callback(abs, s.height, s.height)}",
    "io_callback": "return {'a': jax.experimental.io_callback(abs, s.height, s.height)}",
    "lax.while_loop": "return {'a': jax.lax.while_loop(bool, abs, s.height)}",
    "host function": "return {'a': jnp.asarray(s.height).tolist()}",
    "item": "return {'a': s.height.item()}",
    "tofile": "s.joint_pos.tofile('/tmp/x')\n    return {'a': 1}",
    "at set": "return {'a': s.joint_pos.at[0].set(1).sum()}",
    "block_until_ready": "return {'a': s.height.block_until_ready()}",
    "addressable data": "return {'a': s.height.addressable_data(0)}",
    "numpy of an array": "return {'a': s.height.__array__()}",
}

SHAPES = {
    "lambda": "f = lambda: 1\n    return {'a': f()}",
    "immediate lambda": "return {'a': (lambda x: x)(1)}",
    "inner function": "def f(): return 1\n    return {'a': f()}",
    "inner class": "class A: pass\n    return {'a': 1}",
    "walrus": "return {'a': (x := 1)}",
    "walrus over a kernel": "return {'a': (near := 1)}",
    "generator that is sent to": "g = (x for x in (1, 2))\n    return {'a': g.send(None)}",
    "frame of a generator": "return {'a': (x for x in (1, 2)).gi_frame.f_back.f_globals}",
    "code of a generator": "return {'a': (x for x in (1,)).gi_code}",
    "comprehension that hides a walk": "return {'a': [y.__class__ for y in (1,)][0]}",
    "comprehension over signals": "return {'a': sum([x for x in s.joint_pos])}",
    "comprehension that squares": (
        "return {'a': sum([1 for a in range(64) for b in range(64) for c in range(64)])}"
    ),
    "set comprehension": "return {'a': len({x for x in (1, 2)})}",
    "dict comprehension": "return {k: 1 for k in ('a', 'b')}",
    "yield": "yield {'a': 1}",
    "yield from": "yield from ({'a': 1},)",
    "try": "try:\n        1 / 0\n    except Exception as e:\n        x = e\n    return {'a': x}",
    "raise": "raise s",
    "assert with text": "assert False, s\n    return {'a': 1}",
    "with": "with s as x:\n        pass\n    return {'a': 1}",
    "global": "global near\n    near = abs\n    return {'a': 1}",
    "del": "del s\n    return {'a': 1}",
    "import": "import os\n    return {'a': 1}",
    "import from": "from os import system as near\n    return {'a': 1}",
    "import of all the future": "from jax import numpy as jnp\n    return {'a': 1}",
    "while": "while True: pass\n    return {'a': 1}",
    "for without end": "for i in range(10 ** 9): pass\n    return {'a': 1}",
    "for over a growing list": "x = [1]\n    for i in x: x.append(i)\n    return {'a': 1}",
    "match": "match s:\n        case object(_values=v): pass\n    return {'a': 1}",
    "star of a call": "return {'a': near(*s.joint_pos)}",
    "double star of a call": "return {'a': near(**s.picks)}",
    "unpacked dict": "return {**{'a': 1}}",
    "attribute that is set": "s.height = 1\n    return {'a': 1}",
    "attribute of jnp that is set": "jnp.sin = abs\n    return {'a': 1}",
    "item that is set": "s.joint_pos[0] = 1\n    return {'a': 1}",
    "signal under another name": "t = s\n    return {'a': t._values}",
    "jnp under another name": "j = jnp\n    return {'a': j.save}",
    "kernel under another name": "f = near\n    return {'a': f.__globals__}",
    "function in a list": "return {'a': [near][0](1, 2, 3)}",
    "function in a dict": "return {'a': {'f': near}['f'](1, 2, 3)}",
    "function by condition": "return {'a': (near if True else abs)(1, 2, 3)}",
    "annotation that calls": "x: open('/etc/passwd') = 1\n    return {'a': x.y}",
}

BOMBS = {
    "power of powers": "return {'a': 9 ** 9 ** 9}",
    "power of a name": "n = 99999\n    return {'a': n ** n}",
    "power in place": "n = 9\n    n **= 99999\n    return {'a': n}",
    "shift": "return {'a': 1 << 999999999}",
    "shift in place": "n = 1\n    n <<= 999999999\n    return {'a': n}",
    "giant integer": "return {'a': 1" + "0" * 4000 + "}",
    "giant float": "return {'a': 1e999}",
    "list times": "return {'a': sum([1] * 999999999)}",
    "tuple times": "return {'a': sum(999999999 * (1,))}",
    "list plus itself": "x = [1]\n    x += x * 99999999\n    return {'a': 1}",
    "range to a list": "return {'a': sum(list(range(10 ** 9)))}",
    "sum of a range": "return {'a': sum(range(10 ** 9))}",
    "deep brackets": "return {'a': " + "(" * 150 + "1" + ")" * 150 + " << 2}",
    "long chain": "return {'a': " + "+".join(["1"] * 9000) + "}",
    "many terms": "return {" + ", ".join(f"'t{i}': 1" for i in range(500)) + "}",
}

WHOLE = {
    "decorator": "@near\ndef reward(s):\n    return {'a': 1}\n",
    "decorator that calls": "@abs(1)\ndef reward(s):\n    return {'a': 1}\n",
    "default argument": "def reward(s, x=open):\n    return {'a': 1}\n",
    "default of a helper": "def f(x=near):\n    return 1\ndef reward(s):\n    return {'a': f()}\n",
    "annotation of an argument": "def reward(s: open('/x').a):\n    return {'a': s.__class__}\n",
    "recursion": "def f(x):\n    return f(x)\ndef reward(s):\n    return {'a': f(1)}\n",
    "recursion in turns": (
        "def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\n"
        "def reward(s):\n    return {'a': f(1)}\n"
    ),
    "reward that calls itself": "def reward(s):\n    return {'a': reward(s)}\n",
    "doubling helpers": "".join(
        f"def f{i}(x):\n    return f{i + 1}(x) + f{i + 1}(x)\n" for i in range(40)
    )
    + "def f40(x):\n    return open(x)\ndef reward(s):\n    return {'a': f0(1)}\n",
    "async": "async def reward(s):\n    return {'a': 1}\n",
    "class with a call": "class reward:\n    def __new__(cls, s):\n        return {'a': 1}\n",
    "reward as a lambda": "reward = lambda s: {'a': 1}\n",
    "kernel that is replaced": (
        "def near(x, y, z):\n    return 1\ndef reward(s):\n    return {'a': 1}\n"
    ),
    "builtin that is replaced": "abs = 1\ndef reward(s):\n    return {'a': 1}\n",
    "code beside functions": "near(1, 2, 3)\ndef reward(s):\n    return {'a': 1}\n",
    "loop beside functions": "for i in (1, 2): pass\ndef reward(s):\n    return {'a': 1}\n",
    "dunder constant": "__builtins__ = {}\ndef reward(s):\n    return {'a': 1}\n",
    "dunder all": "__all__ = ['reward']\ndef reward(s):\n    return {'a': 1}\n",
    # Python reads full-width letters as the plain ones.
    "homoglyph": "def reward(s):\n    return {'a': \uff4fpen('/etc/passwd')}\n",
    "homoglyph of underscores": "def reward(s):\n    return {'a': s.\uff3fvalues['x']}\n",
}


def sources() -> dict[str, str]:
    """Every try as a whole source, by name."""
    bodies = WALKS | WORDS | NAMES | LIBRARY | SHAPES | BOMBS
    found = {name: f"def reward(s):\n    {body}\n" for name, body in bodies.items()}
    assert not found.keys() & WHOLE.keys()
    return found | WHOLE
