"""What functions and classes take when nothing is said stands in a file: who changes a default changes a line of it."""

import ast
import os
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "gansmith"
GOLDEN = Path(__file__).parent / "defaults.txt"
REWRITE = "GANSMITH_REWRITE_GOLDEN"


def lines():
    """Yield every function and class that has defaults which are numbers, words, True or False, with these."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                told = [f"{one.target.id}={ast.unparse(one.value)}" for one in node.body if is_default(one)]
                if told:
                    yield f"{path.relative_to(SOURCE).as_posix()} {node.name}({', '.join(told)})"
            elif isinstance(node, ast.FunctionDef):
                both = [*node.args.posonlyargs, *node.args.args]
                given = list(zip(both[len(both) - len(node.args.defaults) :], node.args.defaults, strict=True))
                given += [pair for pair in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if pair[1]]
                told = [f"{name.arg}={ast.unparse(value)}" for name, value in given if ast.unparse(value) != "None"]
                if told:
                    yield f"{path.relative_to(SOURCE).as_posix()} {node.name}({', '.join(told)})"


def is_default(node):
    """Tell whether a line of a class gives a field a default that is plain."""
    if not isinstance(node, ast.AnnAssign) or "ClassVar" in ast.unparse(node.annotation) or node.value is None:
        return False
    try:
        return ast.literal_eval(node.value) not in (None, ())
    except ValueError:
        return False


def test_defaults_of_functions_are_what_they_were():
    text = "\n".join(lines()) + "\n"
    if os.environ.get(REWRITE):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8"), (
        f"if it should change, rewrite it with {REWRITE}=1 pytest {__file__}"
    )
