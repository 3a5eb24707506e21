"""Numbers in the text are those of the code; sections with other figures name what made or holds them."""

import inspect
import json
import math
import re
from pathlib import Path

import pytest
import torch

from gansmith.callbacks import warning_signs
from gansmith.cli.edit import EditPicture
from gansmith.cli.main import main
from gansmith.data import fingerprint
from gansmith.data.portraits import ATTRIBUTES, attributes
from gansmith.figures import FIGURES
from gansmith.metrics.neighbours import support
from gansmith.recipes import RECIPES

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
QUOTES = re.compile(
    r"^```.*?^```$|<!--.*?-->|`[^`]*`|\]\([^)]*\)|\$\$?[^$]*\$\$?|arXiv\s+[\d.]+|(torch|Python) ?[≥\d.]+",
    re.DOTALL | re.MULTILINE,
)
"""What is no text: code, links, equations, papers, versions."""
FIGURE = re.compile(r"(?<![\w.,/-])\d+[.,]\d+(?![\w.,])|\d ?(%|(ms|seconds?|minutes?|hours?|[GM]iB|dB|times)\b)")
SOURCE = re.compile(
    r"gansmith (train|theory|evaluate|compare|sweep|sample|directions|recipes|profile|invert|edit|walk|reconstruct)\b"
    r"|benchmarks/\w|tests/|docs/pages\.py|written by a benchmark"
)


def name_of(page):
    return page.relative_to(ROOT).as_posix()


def sections(page):
    """Yield what stands under each heading of the first two levels."""
    yield from re.split(r"^##? ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_section_with_figures_says_where_they_are_from(page):
    lacking = {
        section.splitlines()[0]: [found.group() for found in FIGURE.finditer(QUOTES.sub("", section))]
        for section in sections(page)
        if not SOURCE.search(section)
    }
    assert {heading: figures for heading, figures in lacking.items() if figures} == {}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_a_page_names_is_there(page):
    for name in re.findall(r"`[^`\n]*?\b((?:benchmarks|tests|examples)/[\w./]+)", page.read_text(encoding="utf-8")):
        assert (ROOT / name.rstrip(".")).exists(), name


def told(page, pattern):
    """Return the number of a page that stands in the parentheses of a pattern."""
    text = " ".join((ROOT / page).read_text(encoding="utf-8").split())
    return [float(found.replace(",", "")) for found in re.findall(pattern, text)]


FACTS = [
    ("README.md", r"# ([\d]+) recipes, one line each", len(RECIPES)),
    ("README.md", r"\| ([\d]+) figures, four of them films", len(FIGURES)),
    ("README.md", r"drawn faces with ([\d]+) known attributes", len(ATTRIBUTES)),
    ("docs/portraits.md", r"All ([\d]+) attributes", len(ATTRIBUTES)),
    ("docs/data.md", r"up to ([\d]+) MiB", fingerprint.WHOLE / 2**20),
    ("docs/data.md", r"of ([\d,]+) of larger sets", fingerprint.ROWS),
    ("docs/data.md", r"the content of ([\d]+) where they stream", fingerprint.FILES),
    ("docs/editing.md", r"by ([\d]+) steps \(Zhu", EditPicture.steps),
    ("docs/defaults.md", r"is below ([\d]+) % of that between real ones", 100 * warning_signs.ALIKE),
    (
        "docs/measuring.md",
        r"use the ([\d]+)th neighbour",
        inspect.signature(support).parameters["k"].default,
    ),
    ("docs/measuring.md", r"\| ([\d.]+) in the plane", round(1 - math.exp(-4.5), 3)),
]


@pytest.mark.parametrize(("page", "pattern", "value"), FACTS, ids=[f"{page} {value}" for page, _, value in FACTS])
def test_numbers_of_the_text_are_those_of_the_code(page, pattern, value):
    assert told(page, pattern) == [value]


WARNED = re.findall(
    r"^\| `(\w\S* --data ring .*|wgan-naive --data ring)` \| (.*) \|$",
    (ROOT / "docs/defaults.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


@pytest.mark.slow
@pytest.mark.parametrize(("words", "signs"), WARNED, ids=[words for words, _ in WARNED])
def test_runs_are_warned_of_when_the_page_says(words, signs, tmp_path):
    expected = set()
    for part in signs.split(", "):
        kinds, _, step = re.sub(" at (step )?", "@", part).partition("@")
        expected |= {(kind, int(step.replace(",", ""))) for kind in kinds.split(" and ")}
    kept = ["--schedule", "constant", "--evaluate-every", "0", "--device", "cpu", "--out", str(tmp_path / "run")]
    last = max(step for _, step in expected)
    assert main(["train", *words.split(), *kept, "--steps", str(last + 50)]) == 0
    entries = map(json.loads, (tmp_path / "run" / "journal.jsonl").read_text(encoding="utf-8").splitlines())
    found = {(key.partition("/")[2], entry["step"]) for entry in entries for key in entry if key.startswith("warning/")}
    assert found == expected


def test_correlations_of_portraits_are_those_of_the_page():
    r = torch.corrcoef(attributes(0, range(40_000)).T)
    tables = (ROOT / "docs" / "portraits.md").read_text(encoding="utf-8").partition("## What goes together")[2]
    seen = 0
    for head, body in re.findall(r"^\| \| (.*) \|\n\|[ |-]*\n((?:\|.*\n)+)", tables, re.MULTILINE):
        for line in body.splitlines():
            name, *values = [cell.strip() for cell in line.strip("|").split("|")]
            for other, value in zip(head.split(" | "), values, strict=False):
                if value:
                    expected = float(value.replace("−", "-"))
                    found = float(r[ATTRIBUTES.index(name), ATTRIBUTES.index(other)])
                    assert found == pytest.approx(expected, abs=0.0051), (name, other)
                    seen += 1
    assert seen > 50
