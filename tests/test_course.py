"""The course's table: no row without its line of code, figure, command and test, no lecture line without a row."""

import re
from pathlib import Path

import pytest

from gansmith.figures import FIGURES
from gansmith.playground.presets import PRESETS
from gansmith.recipes import RECIPES

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "course" / "table.md"
COURSE = (ROOT / "docs" / "course.md").read_text(encoding="utf-8")
LINES = {0: 59, 1: 141, 2: 145, 3: 779, 4: 8}
"""Of the lectures' texts."""


def rows(header: str) -> list[list[str]]:
    """Return the cells of the table below a header line."""
    text = PAGE.read_text(encoding="utf-8")
    assert header in text
    below = text[text.index(header) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in below]


TABLE = rows("| row | lectures: idea | formula |")
NAMES = [row[0] for row in TABLE]


def linked(cell: str) -> tuple[str, Path]:
    """Return the text and the file of a cell that is a link."""
    found = re.fullmatch(r"\[(.+)\]\((.+)\)", cell)
    assert found, f"no link: {cell}"
    return found[1].strip("`").replace("\\|", "|"), (PAGE.parent / found[2]).resolve()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_a_row_has_all_that_it_names(row):
    _, idea, formula, line, figure, command, test = row
    assert idea and formula
    snippet, source = linked(line)
    assert snippet in source.read_text(encoding="utf-8"), f"{source} does not have: {snippet}"
    assert linked(figure)[1].is_file(), f"no figure {figure}"
    assert linked(test)[1].is_file(), f"no test {test}"
    verb, *words = command.strip("`").split()
    assert (verb == "gansmith" and words[0] == "theory") or "docs/figures/" not in linked(figure)[1].as_posix()
    if verb == "python":
        assert (ROOT / words[0]).is_file(), f"no script {words[0]}"
    elif words[0] == "theory":
        assert words[1] in FIGURES and linked(figure)[0].split(".")[0] == words[1]
    elif words[0] == "train":
        assert words[1] in RECIPES
    else:
        assert verb == "gansmith" and words == ["studio"]


def test_no_row_twice_and_every_figure_in_some_row():
    assert len(set(NAMES)) == len(NAMES)
    drawn = {linked(row[4])[0].split(".")[0] for row in TABLE}
    assert set(FIGURES) <= drawn


def test_every_line_of_every_lecture_went_somewhere():
    last = dict.fromkeys(LINES, 0)
    used = set()
    for lecture, lines, names in rows("| lecture | lines | rows |"):
        first, end = map(int, lines.split("-"))
        assert first == last[int(lecture)] + 1 and end >= first, f"lecture {lecture}: a gap before line {first}"
        last[int(lecture)] = end
        used |= set(names.split(", "))
    assert last == LINES
    assert used <= set(NAMES), f"no such row: {used - set(NAMES)}"
    assert not set(NAMES) - used, f"rows of no lecture: {set(NAMES) - used}"


def test_every_figure_of_the_course_is_there():
    for page in (ROOT / "docs" / "course.md", *(ROOT / "docs" / "course").glob("*.md")):
        for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / path).is_file(), f"{page.name}: no {path}"
        for path in re.findall(r"\]\((\.\./[^)#]+|course/[^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / path).exists(), f"{page.name}: no {path}"


def told(bounds: tuple[float, float]) -> str:
    """Return what bounds say: 1e9 and 0 are none."""
    low, high = bounds
    return f"{low:g} or more" if high >= 1e9 else f"{high:g} or less" if low == 0 else f"{low:g} to {high:g}"


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.name)
def test_every_pair_of_the_playground_stands_in_the_course_with_its_numbers(one):
    """In a row of the table of collapse, whose measured numbers are those of the films, or in a paragraph."""
    row = next((line for line in COURSE.splitlines() if f"| `{one.name}` |" in line), None)
    if row is not None:
        assert f"({one.steps} steps)" in row
        return
    (paragraph,) = (part for part in COURSE.split("\n\n") if f"the pair `{one.name}`" in part)
    said = " ".join(paragraph.split())
    assert "the cure is" in said and "Look at" in said
    assert f"{told(one.fails)} after {one.steps} steps, cured {told(one.cured)}." in said
