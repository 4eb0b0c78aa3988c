"""The lint accepts the language and names what is not in it, at its line, with a way out."""

import textwrap

import pytest

from tabrl.rewards.language import MAX_SOURCE_BYTES
from tabrl.rewards.lint import lint
from tabrl.robots.catalogue import Robot, robot

FINE = {
    "a literal dict": """
        def reward(s):
            return {"tall": s.height, "still": -norm_sq(s.joint_vel)}
        """,
    "a dict that grows": """
        def reward(s):
            terms = {}
            terms["tall"] = at_least(s.height, 0.3, 0.1)
            terms["tall"] += 0.5
            return terms
        """,
    "loops over what is written out": '''
        """March."""
        LEGS = ("FR", "FL", "RR", "RL")
        SHIFT = (0.0, jnp.pi, jnp.pi, 0.0)
        GAIN: float = 0.5 * 2

        def lift(s, leg, shift: float) -> float:
            """How well one foot follows the clock."""
            target = jnp.maximum(oscillate(s.phase, 0.1, shift), 0.0)
            return near(s.clearance("FR"), target, 0.02)

        def reward(s) -> dict:
            total = 0.0
            for i, leg in enumerate(LEGS):
                if i == 0:
                    continue
                total = total + s.clearance(leg) * GAIN
            for leg, shift in (("FR", 0.0), ("RL", 3.14)):
                total += s.foot(leg)[2] * shift
            for leg, sign in zip(LEGS, range(4)):
                total += s.contact(leg) * sign
            hips = sum(s.offset(j) ** 2 for j in ("FR_hip_joint", "FL_hip_joint"))
            feet = jnp.array([s.clearance(leg) for leg in LEGS])
            return {"march": total + hips, "feet": feet.max(), "lift": lift(s, 1, 0.0)}
        ''',
    "arrays": """
        def reward(s):
            forward, left, up = s.lin_vel_b
            x: float = jnp.linalg.norm(s.lin_vel_b[:2]) if True else 0
            go = jnp.where((s.height > 0.2) & (up < 1), x, -forward)
            return {"go": go, "left": left.astype(jnp.float32)}
        """,
}

GOOD_LINE = 'return {"tall": s.height}'


def _body(line: str) -> str:
    """A reward whose second line is this."""
    return f"def reward(s):\n    {line}\n    {GOOD_LINE}\n"


def _term(expression: str) -> str:
    """A reward whose second line pays this."""
    return f'def reward(s):\n    return {{"a": {expression}}}\n'


# source, line of the first finding, part of its message, part of its hint
WRONG = {
    "nothing": ("", None, "no function reward", "def reward(s):"),
    "a syntax error": ("def reward(s)\n    pass", 1, "syntax error", ""),
    "bad indentation": ("def reward(s):\nreturn {}", 2, "syntax error", ""),
    "a null byte": ("def reward(s):\n    return {}\0", None, "null byte", ""),
    "a lone surrogate": ('def reward(s):\n    return {"\ud800": 1}', None, "", ""),
    "a very long source": ("#" * (MAX_SOURCE_BYTES + 1), None, "longer than", ""),
    "deep brackets": (_term("(" * 250 + "1" + ")" * 250), 2, "nested", ""),
    "a deep chain of signs": (_term("-" * 9000 + "1"), None, "nested too deeply", ""),
    "a deep chain of attributes": (_term("s" + ".x" * 9000), None, "nested too deeply", ""),
    "another name": ("def rewards(s):\n    return {'a': 1}", None, "no function reward", ""),
    "two rewards": (_term("1") + _term("2"), 3, "written twice", "line 1"),
    "no argument": ("def reward():\n    return {'a': 1.0}", 1, "exactly one argument, s", ""),
    "two arguments": ("def reward(s, x):\n    return {'a': x}", 1, "exactly one argument", ""),
    "another argument": ("def reward(x):\n    return {'a': 1.0}", 1, "exactly one argument", ""),
    "a default": ("def reward(s=1):\n    return {'a': 1.0}", 1, "default argument", ""),
    "star arguments": ("def reward(*s):\n    return {'a': 1.0}", 1, "only plain arguments", ""),
    "a keyword argument": ("def reward(s, *, x):\n    return {'a': x}", 1, "plain arguments", ""),
    "a decorator": ("@near\n" + _term("1"), 1, "decorator", ""),
    "async": ("async def reward(s):\n    return {'a': 1.0}", 1, "async", "def reward(s):"),
    "no return": ("def reward(s):\n    x = 1", 1, "returns nothing", "return"),
    "an empty dict": ("def reward(s):\n    return {}", 2, "does not return a dict", ""),
    "a number returned": ("def reward(s):\n    return s.height", 2, "not return a dict", ""),
    "nothing returned": ("def reward(s):\n    return", 2, "does not return a dict", ""),
    "import": (_body("import os"), 2, "import", "are there already"),
    "import at the top": ("import numpy as np\n" + _term("1"), 1, "import", ""),
    "from import": (_body("from os import system"), 2, "import", ""),
    "__import__": (_term("__import__('os')"), 2, "nothing named __import__", ""),
    "open": (_term("open('/etc/passwd')"), 2, "nothing named open", ""),
    "eval": (_term("eval('1')"), 2, "nothing named eval", ""),
    "exec": (_body("exec('1')"), 2, "nothing named exec", ""),
    "getattr": (_term("getattr(s, 'height')"), 2, "nothing named getattr", ""),
    "globals": (_term("globals()"), 2, "nothing named globals", ""),
    "print": (_body("print(s.height)"), 2, "nothing named print", ""),
    "a dunder": (_term("().__class__"), 2, "underscore", ""),
    "a dunder of s": (_term("s.__class__"), 2, "underscore", ""),
    "a dunder of jnp": (_term("jnp.__dict__"), 2, "underscore", ""),
    "a dunder call": (_term("s.height.__add__(1)"), 2, "underscore", ""),
    "a private attribute": (_term("s._values"), 2, "underscore", ""),
    "a dunder name": (_body("__builtins__ = 1"), 2, "new meaning", ""),
    "globals of a kernel": (_term("near.__globals__"), 2, "underscore", ""),
    "while": (_body("while True: pass"), 2, "while", "range(n)"),
    "a long loop": (_body("for i in range(65): pass"), 2, "too long", "range(n)"),
    "nested loops": (
        _term("sum(1 for a in range(64) for b in range(64) for c in range(2))"),
        2,
        "too long",
        "",
    ),
    "a loop over a signal": (_body("for x in s.joint_pos: pass"), 2, "no bound", "range(n)"),
    "a loop over a signal's length": (_body("for i in range(s.height): pass"), 2, "no bound", ""),
    "a range of step zero": (_body("for i in range(1, 2, 0): pass"), 2, "no bound", ""),
    "else after a loop": (_body("for i in range(2): pass\n    else: x = 1"), 2, "else", ""),
    "a comprehension over a signal": (_term("sum([x for x in s.joint_pos])"), 2, "no bound", ""),
    "a dict comprehension": (
        "def reward(s):\n    return {n: 1 for n in ('a', 'b')}",
        2,
        "dict comprehension",
        "",
    ),
    "a set": (_body("x = {1, 2}"), 2, "a set", ""),
    "recursion": ("def a(x):\n    return a(x)\n" + _term("a(1)"), 1, "never ends", ""),
    "mutual recursion": (
        "def a(x):\n    return b(x)\ndef b(x):\n    return a(x)\n" + _term("a(1)"),
        1,
        "never ends",
        "",
    ),
    "reward calls itself": (_term("reward(s)"), 1, "never ends", ""),
    "lambda": (_body("f = lambda x: x"), 2, "lambda", ""),
    "class": ("class A:\n    pass\n" + _term("1"), 1, "class", ""),
    "a nested function": (_body("def f(x): return x"), 2, "inside a function", ""),
    "global": (_body("global x"), 2, "global", ""),
    "nonlocal": (_body("nonlocal x"), 2, "nonlocal", ""),
    "try": (_body("try: x = 1\n    except: pass"), 2, "try", ""),
    "raise": (_body("raise 1"), 2, "raise", ""),
    "assert": (_body("assert s.height > 0"), 2, "assert", ""),
    "with": (_body("with s: pass"), 2, "with", ""),
    "del": (_body("del s"), 2, "del", ""),
    "yield": (_body("yield 1"), 2, "yield", ""),
    "await": (_body("x = [i async for i in s]"), 2, "", ""),
    "match": (_body("match 1:\n        case _: pass"), 2, "match", ""),
    "walrus": (_body("(x := 1)"), 2, ":=", ""),
    "an f-string": (_term("s.joint(f'{1}')"), 2, "one joint name", ""),
    "an f-string as a name": ("def reward(s):\n    return {f'a{1}': 1}", 2, "written out", ""),
    "star arguments of a call": (_term("near(*[1, 2, 3])"), 2, "star", ""),
    "star keywords of a call": (_term("near(**s)"), 2, "star", ""),
    "a dict that is unpacked": (
        "def reward(s):\n    x = {'b': 1}\n    return {'a': 1, **x}",
        3,
        "**",
        "",
    ),
    "text times a number": (_term("'a' * 10**9"), 2, "repeats", "jnp.array"),
    "a list times a number": (_term("[0] * 1000000"), 2, "repeats", "jnp.array"),
    "text": (_term("'tall'"), 2, "text", ""),
    "text formatting": (_term("'{}'.format(s)"), 2, "no .format", ""),
    "bytes": (_term("b'x'"), 2, "not a number", ""),
    "an ellipsis": (_term("..."), 2, "not a number", ""),
    "a complex number": (_term("1j"), 2, "", "up to 1e9"),
    "infinity": (_term("1e999"), 2, "this large", "1e9"),
    "a giant number": (_term("10000000000"), 2, "this large", "1e9"),
    "a giant power": (_term("9 ** 9 ** 9"), 2, "exponent", "jnp.power"),
    "a power of a name": (_body("n = 9\n    x = n ** n"), 3, "exponent", "jnp.power"),
    "a giant shift": (_term("1 << 1000000000"), 2, "shifting", ""),
    "a giant shift in place": (_body("x = 1\n    x <<= 99999"), 3, "shifting", ""),
    "an unknown signal": (_term("s.heigth"), 2, "no s.heigth", "Did you mean height"),
    "a signal without s": (_term("height"), 2, "nothing named height", "s.height"),
    "a signal that is called": (_term("s.height()"), 2, "not a function", "without brackets"),
    "an accessor that is not called": (_term("s.joint"), 2, "takes a name", 's.joint("...")'),
    "an unknown accessor": (_term("s.joynt('x')"), 2, "no s.joynt", "Did you mean joint"),
    "an unknown joint": (
        _term("s.joint('FR_hip')"),
        2,
        "no joint 'FR_hip'",
        "Did you mean FR_hip_joint",
    ),
    "an unknown group": (_term("jnp.sum(s.joints('hip'))"), 2, "no group", "hips"),
    "an unknown foot": (_term("s.clearance('left')"), 2, "no foot 'left'", "FL"),
    "an unknown foot in a loop": (
        _term("sum(s.clearance(f) for f in ('FR', 'XX'))"),
        2,
        "no foot 'XX'",
        "FR",
    ),
    "an accessor of a number": (_term("s.joint(0)"), 2, "no joint 0", "There are"),
    "an accessor of a signal": (_term("s.joint(s.height)"), 2, "one joint name", "FL_calf"),
    "an accessor without a name": (_term("s.joint()"), 2, "one joint name", ""),
    "a hand of a dog": (_term("s.hand('left')[0]"), 2, "no hand", "another signal"),
    "hands of a dog": (_term("s.hand_pos"), 2, "no s.hand_pos", ""),
    "an unknown jnp function": (_term("jnp.sine(s.roll)"), 2, "jnp.sine", "Did you mean sin"),
    "jnp.save": (_term("jnp.save('/tmp/x', s.roll)"), 2, "jnp.save", ""),
    "jnp.linalg.inv": (_term("jnp.linalg.inv(s.roll)"), 2, "no jnp.linalg.inv", "norm"),
    "a jnp function that is not called": (_term("jnp.sin"), 2, "is a function", "Call it"),
    "jnp itself": (_body("j = jnp"), 2, "jnp itself", ""),
    "s itself": (_body("t = s"), 2, "s itself", "s.height"),
    "a kernel itself": (_body("f = near"), 2, "near is a function", "near(...)"),
    "an unknown function": (_term("nearby(s.roll, 0, 1)"), 2, "named nearby", "mean near"),
    "an unknown method": (_term("s.joint_pos.tolist()"), 2, "no .tolist", ""),
    "a method that is not called": (_term("s.joint_pos.max"), 2, "is a method", ".max()"),
    "an update in place": (_body("s.joint_pos[0] = 1"), 2, "cannot be assigned", "jnp.where"),
    "an attribute that is set": (_body("s.height = 1"), 2, "cannot be assigned", ""),
    "s with a new meaning": (_body("s = 1"), 2, "new meaning", ""),
    "jnp with a new meaning": (_body("jnp = 1"), 2, "new meaning", ""),
    "a kernel with a new meaning": ("def near(x):\n    return x\n" + _term("1"), 1, "meaning", ""),
    "a call of a call": (_term("near(1, 2, 3)(4)"), 2, "only named functions", ""),
    "a bad term name": ("def reward(s):\n    return {'my term': 1}", 2, "cannot name", "letters"),
    "an empty term name": ("def reward(s):\n    return {'': 1}", 2, "cannot name", ""),
    "a private term name": ("def reward(s):\n    return {'_a': 1}", 2, "cannot name", ""),
    "a term name with a newline": ("def reward(s):\n    return {'a\\n': 1}", 2, "cannot name", ""),
    "a long term name": (f"def reward(s):\n    return {{'{'a' * 60}': 1}}", 2, "cannot name", ""),
    "a number as a term name": ("def reward(s):\n    return {1: 1}", 2, "written out", ""),
    "a signal as a term name": ("def reward(s):\n    return {s.roll: 1}", 2, "written out", ""),
    "a term twice": ("def reward(s):\n    return {'a': 1, 'a': 2}", 2, "there twice", ""),
    "too many terms": (
        "def reward(s):\n    return {" + ", ".join(f"'t{i}': 1" for i in range(41)) + "}",
        1,
        "more than 40 terms",
        "",
    ),
    "work outside of functions": ("near(1, 2, 3)\n" + _term("1"), 1, "does nothing", ""),
    "a loop outside of functions": ("for i in range(3): x = 1\n" + _term("1"), 1, "only const", ""),
}


@pytest.mark.parametrize("source", FINE.values(), ids=FINE)
def test_the_language_is_accepted(source: str, go1: Robot):
    assert lint(textwrap.dedent(source), go1) == []


@pytest.mark.parametrize(("source", "line", "message", "hint"), WRONG.values(), ids=WRONG)
def test_what_is_not_in_the_language_is_named(
    source: str, line: int | None, message: str, hint: str, go1: Robot
):
    findings = lint(source, go1)
    assert findings
    assert (findings[0].line, findings[0].severity) == (line, "error")
    assert message in findings[0].message
    assert hint in findings[0].hint


def test_several_mistakes_are_told_at_once_in_order(go1: Robot):
    source = _body("x = s.rol\n    y = open(1)\n    z = jnp.sine(1)")
    assert [finding.line for finding in lint(source, go1)] == [2, 3, 4]


def test_the_same_source_is_judged_for_each_robot_by_its_own_words(go1: Robot):
    source = _term("s.hand('left')[2]")
    assert lint(source, go1)
    assert lint(source, robot("G1JoystickFlatTerrain")) == []


def test_a_joint_of_another_robot_is_answered_with_its_own(go1: Robot):
    finding = lint(_term("s.joint('LR_KFE')"), robot("BerkeleyHumanoidJoystickFlatTerrain"))
    assert finding == []
    assert "no joint" in lint(_term("s.joint('LR_KFE')"), go1)[0].message
