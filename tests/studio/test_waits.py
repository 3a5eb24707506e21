"""What a page shows is asserted by what waits for it: read at once, it is there on one machine and not on another."""

import ast
from pathlib import Path

import pytest

AT_ONCE = {
    "all", "all_inner_texts", "all_text_contents", "count", "get_attribute", "inner_html", "inner_text",
    "input_value", "is_checked", "is_enabled", "is_visible", "text_content",
}  # fmt: skip
"""Methods of a page and of what is found in it that answer without waiting for what they are asked for."""
UNSURE = {"evaluate", "get_attribute"}
"""Those that may answer None."""


def read_at_once(source: str) -> list[int]:
    """Return the lines of assertions that read a page once.

    That nothing is there (`.count() == 0`) may be asked at once, and a function without a name is asked again and again
    by what takes it.
    """
    found = []
    for claim in ast.walk(ast.parse(source)):
        if not isinstance(claim, ast.Assert):
            continue
        waited = {id(part) for one in ast.walk(claim) if isinstance(one, ast.Lambda) for part in ast.walk(one)}
        waited |= {id(part) for one in ast.walk(claim) if isinstance(one, ast.Compare) for part in nothing(one)}
        for call in ast.walk(claim):
            if isinstance(call, ast.Call) and id(call) not in waited:
                found += [claim.lineno] if getattr(call.func, "attr", "") in AT_ONCE else []
    return found


def nothing(comparison: ast.Compare) -> list[ast.expr]:
    """Return the call of `CALL.count() == 0`, or nothing."""
    (operator, right), left = (comparison.ops[0], comparison.comparators[0]), comparison.left
    counts = isinstance(left, ast.Call) and getattr(left.func, "attr", "") == "count"
    none = isinstance(operator, ast.Eq) and isinstance(right, ast.Constant) and right.value == 0
    return [left] if counts and none and len(comparison.ops) == 1 else []


def stumbles(source: str) -> list[int]:
    """Return the lines of conditions that are waited for and fail where what they read is not there yet.

    A value of a page is None until the page has it: `evaluate(…).startswith("…")` and `int(get_attribute(…))` do not
    wait, they end the test.
    """
    found = []
    for waited in ast.walk(ast.parse(source)):
        for part in ast.walk(waited) if isinstance(waited, ast.Lambda) else ():
            read = [part.value] if isinstance(part, ast.Attribute | ast.Subscript) else []
            read += part.args if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) else []
            found += [waited.lineno for one in read if getattr(getattr(one, "func", None), "attr", "") in UNSURE]
    return found


@pytest.mark.parametrize("path", sorted(Path(__file__).parent.glob("test_*.py")), ids=lambda path: path.stem)
def test_no_assertion_reads_a_page_at_once(path):
    source = path.read_text(encoding="utf-8")
    lines = read_at_once(source)
    assert not lines, f"{path.name}, lines {lines}: ask with the fixture `expect`, which waits"
    lines = stumbles(source)
    assert not lines, f"{path.name}, lines {lines}: what is waited for may still be None, say `or` what else"


@pytest.mark.parametrize(
    ("line", "races"),
    [
        ('assert page.locator(".gs-card img").count() == 3', True),
        ('assert page.locator(".gs-card img").count() > 0', True),
        ('assert page.locator(".glow").count() == 0', False),
        ('assert 0 == done and page.inner_text(".part") == "D moved"', True),
        ('assert not any(box.is_visible() for box in page.locator("[role=alert]").all())', True),
        ('assert page.get_attribute(".qz", "data-count") == "1", page.inner_text(".say")', True),
        ("until(lambda: page.locator('.on').count() == 1)", False),
        ('expect(page.locator(".gs-card img")).to_have_count(3)', False),
    ],
)
def test_the_races_that_there_were_are_found(line, races):
    assert bool(read_at_once(line)) is races


@pytest.mark.parametrize(
    ("line", "falls"),
    [
        ('until(lambda: root.evaluate("pg => pg.as").startswith("20"))', True),
        ('until(lambda: root.evaluate("pg => pg.all")[0] == 1)', True),
        ('until(lambda: int(slider.get_attribute("max")) >= 4)', True),
        ('until(lambda: int(slider.get_attribute("max") or 0) >= 4)', False),
        ('until(lambda: root.evaluate("pg => pg.as") == 20)', False),
        ("until(lambda: root.evaluate(width) == root.evaluate(other) > 600)", False),
    ],
)
def test_conditions_that_fall_over_what_is_not_there_yet_are_found(line, falls):
    assert bool(stumbles(line)) is falls
