"""Python that a reward may use freely, and what to write instead of the rest."""

import ast

from tabrl.rewards.language import MAX_LOOP

# Fine by themselves; the walk goes on below them.
PLAIN = (
    *(
        ast.Return,
        ast.Pass,
        ast.Break,
        ast.Continue,
        ast.If,
        ast.IfExp,
        ast.BoolOp,
        ast.Compare,
        ast.UnaryOp,
    ),
    *(ast.Tuple, ast.List, ast.Slice, ast.keyword, ast.expr_context),
    *(ast.boolop, ast.unaryop, ast.cmpop, ast.operator),
)

LOOPS = f"Loop over range(n) with n up to {MAX_LOOP}, or over names written out."
INSTEAD: dict[type[ast.AST], tuple[str, str]] = {
    ast.While: ("a while loop has no bound", LOOPS),
    ast.AsyncFor: ("async is not available", ""),
    ast.AsyncWith: ("async is not available", ""),
    ast.AsyncFunctionDef: ("async is not available", "Write `def reward(s):`."),
    ast.Await: ("await is not available", ""),
    ast.Import: ("import is not available", "jnp and the kernels are there already."),
    ast.ImportFrom: ("import is not available", "jnp and the kernels are there already."),
    ast.Lambda: ("lambda is not available", "Write a small function outside of reward."),
    ast.FunctionDef: ("a function inside a function is not available", "Write it outside."),
    ast.ClassDef: ("class is not available", "Write small functions."),
    ast.Global: ("global is not available", "Pass values as arguments."),
    ast.Nonlocal: ("nonlocal is not available", "Pass values as arguments."),
    ast.Try: ("try is not available", "Choose with jnp.where."),
    ast.Raise: ("raise is not available", "Choose with jnp.where."),
    ast.Assert: ("assert is not available", "Choose with jnp.where."),
    ast.With: ("with is not available", ""),
    ast.Delete: ("del is not available", "Leave the name alone."),
    ast.Yield: ("yield is not available", "Return the dict of terms."),
    ast.YieldFrom: ("yield is not available", "Return the dict of terms."),
    ast.NamedExpr: (":= is not available", "Assign on a line of its own."),
    ast.JoinedStr: ("an f-string is not available", "Write each name out."),
    ast.Starred: ("a star argument is not available", "Write the arguments out."),
    ast.DictComp: ("a dict comprehension is not available", "Write each term's name out."),
    ast.SetComp: ("a set is not available", "Use a tuple."),
    ast.Set: ("a set is not available", "Use a tuple."),
    ast.Match: ("match is not available", "Choose with jnp.where."),
}
