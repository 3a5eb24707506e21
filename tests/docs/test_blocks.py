"""Every block of code in the docs runs, or says why it does not; every command parses.

Blocks of Python of one page share their names, in order. A comment before one may say what it takes for granted,
`<!-- runs after: CODE -->`, or why it cannot run here and which test
does it instead, `<!-- not run: REASON -->`. Budgets are cut.
"""

import dataclasses
import importlib
import re
import shlex
from pathlib import Path

import pytest

import gansmith
from gansmith.cli.arguments import parse_recipe
from gansmith.cli.main import VERBS
from gansmith.cli.train import Train
from gansmith.recipes.composition import Recipe
from gansmith.settings.flat import View

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
QUOTED = ("docs/course",)
"""Pages whose blocks are lines of the library, quoted beside their formulas: `test_course_lines.py` holds them."""
ELSEWHERE = {"docs/your-code.md": "tests/examples/test_your_code.py"}
"""Pages whose blocks run one by one, in another test."""
BLOCK = re.compile(r"(?:^<!-- (not run|runs after): (.*?) -->\n+)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CUT = [(r"\bsamples=[\d_]+", "samples=40"), (r"\bstream\([\d_]+\)", "stream(20)")]
CUT += [
    (r'(write\("[\w.]+"), [\d_]+', r"\1, 6"),
    (r"range\(20_000\)", "range(20)"),
    (r"\b(64), (5000|2000)", r"\1, 12"),
]


def name_of(page):
    return page.relative_to(ROOT).as_posix()


def blocks(page):
    """Yield kind of note, note, language and text of every block of a page."""
    yield from BLOCK.findall(page.read_text(encoding="utf-8"))


def programs(page):
    return [(kind, note, text) for kind, note, language, text in blocks(page) if language == "python"]


RUN_HERE = [page for page in PAGES if programs(page) and not name_of(page).startswith(QUOTED)]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("page", [page for page in RUN_HERE if name_of(page) not in ELSEWHERE], ids=name_of)
def test_blocks_of_python_run_in_order_or_say_why_not(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(ROOT / "examples")
    train = gansmith.train
    monkeypatch.setattr(
        gansmith, "train", lambda *given, **settings: train(*given, **settings | {"steps": 2, "evaluate_every": 0})
    )
    names = {"__name__": "page"}
    for number, (kind, note, text) in enumerate(programs(page)):
        if kind == "not run":
            named = re.findall(r"tests/[\w./]*\w", note)
            assert named and all((ROOT / one).exists() for one in named), "say why, and which test does it instead"
            continue
        for pattern, other in CUT:
            text = re.sub(pattern, other, text)
        exec(note if kind == "runs after" else "", names)
        exec(compile(text, f"{name_of(page)}, block {number}", "exec"), names)


def test_pages_that_run_elsewhere_do():
    for page, test in ELSEWHERE.items():
        assert page.rpartition("/")[2] in (ROOT / test).read_text(encoding="utf-8")


def commands(page):
    """Yield the words of every command of ours on a page, in blocks and in lines of text."""
    text = page.read_text(encoding="utf-8")
    lines = [line for _, _, language, block in blocks(page) if language == "sh" for line in block.splitlines()]
    lines += re.findall(r"`(gansmith [a-z][^`\n]*)`", text)
    for line in lines:
        found = re.search(r"\bgansmith ([a-z-]+ .*)", line.partition(" #")[0])
        if found and not any(part in line for part in ("…", "[", "--help", "own:")):
            words = shlex.split(found.group(1).replace("$recipe", "dcgan"))
            yield [{"RECIPE": "dcgan", "N": "1", "SEED": "1"}.get(word, word) for word in words]


def flags(verb):
    """Return the flags of a verb that is no recipe's."""
    module = importlib.import_module(f"gansmith.cli.{verb}")
    kinds = [kind for kind in vars(module).values() if dataclasses.is_dataclass(kind) and isinstance(kind, type)]
    names = {one.name.rstrip("_") for kind in kinds for one in dataclasses.fields(kind)}
    return names | set(View(Recipe()).settings) if verb == "resume" else names


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_are_of_verbs_and_flags_that_there_are(page, monkeypatch):
    monkeypatch.chdir(ROOT / "examples")  # where terms and callbacks of one's own lie
    for verb, *words in commands(page):
        assert verb in VERBS, f"gansmith {verb}"
        if verb in ("train", "profile") and words and not words[0].startswith("-"):
            parse_recipe(Train, verb, words)
        elif verb != "sweep":
            known = flags(verb)
            for word in words:
                flag = word[2:].partition("=")[0].replace("-", "_")
                assert not word.startswith("--") or flag.removeprefix("no_") in known | {
                    "help",
                    "help_all",
                    flag[:0],
                }, word
