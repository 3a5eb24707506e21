"""Every mistake on a command line is told in one sentence that names the flag, the value and what it takes."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import pytest

from gansmith.cli.arguments import POSITIONAL, parse
from gansmith.errors import GansmithError


@dataclass(frozen=True)
class Verb:
    """What it is for."""

    run: Annotated[str, POSITIONAL]
    """Which one."""
    count: int = 1
    """How many."""
    rate: float = 0.5
    kind: Literal["one", "two"] = "one"
    safe: bool = True
    pair: tuple[float, float] | None = None
    size: int | None = 3


@pytest.mark.parametrize(
    "arguments, expected",
    [
        ("here", Verb("here")),
        ("here --count -2 --rate 1e-3", Verb("here", -2, 1e-3)),
        ("--kind two --safe False here", Verb("here", kind="two", safe=False)),
        ("here --pair 0 .5 --size None", Verb("here", pair=(0.0, 0.5), size=None)),
        ("here --pair None --size=4", Verb("here", size=4)),
        ("here --count 2 --count 3", Verb("here", 3)),
        ("--no-safe here", Verb("here", safe=False)),
        ("--safe here", Verb("here", safe=True)),
        ("--safe True here --no-safe", Verb("here", safe=False)),
    ],
)
def test_arguments_are_read(arguments, expected):
    assert parse(Verb, "verb", arguments.split()) == expected


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        ("x --count abc", "--count abc: must be a whole number"),
        ("x --count=1.5", "--count 1.5: must be a whole number"),
        ("x --rate fast --count 1", "--rate fast: must be a number"),
        ("x --kind three", "--kind three: must be one of one, two"),
        ("x --safe yes", "yes: no such argument"),
        ("x --safe=yes", "--safe yes: must be True or False"),
        ("x --no-safe yes", "yes: no such argument"),
        ("x --pair 1", "--pair 1: must be two numbers or None"),
        ("x --pair 1 b", "--pair 1 b: must be two numbers or None"),
        ("x --pair 1 --count 2", "--pair 1: must be two numbers or None"),
        ("x --size big", "--size big: must be a whole number or None"),
        ("x --count", "--count needs a value: a whole number"),
        ("x --count --rate 2", "--count needs a value: a whole number"),
        ("x --pair 1 2 3", "3: no such argument"),
        ("x y", "y: no such argument"),
        ("x -c 3", "-c: no such argument"),
        ("--count 2", "RUN is missing"),
        ("", "RUN is missing"),
    ],
)
def test_each_mistake_is_one_sentence(arguments, sentence):
    with pytest.raises(GansmithError) as caught:
        parse(Verb, "verb", arguments.split())
    assert str(caught.value) == f"{sentence} (see gansmith verb --help)"


def test_unknown_flags_get_the_nearest_name():
    with pytest.raises(GansmithError, match=re.escape("unknown flag '--cuont': did you mean '--count'?")):
        parse(Verb, "verb", ["x", "--cuont", "3"])


def test_help_tells_every_field_once_and_its_default(capsys):
    with pytest.raises(SystemExit) as done:
        parse(Verb, "verb", ["x", "--help"])
    text = capsys.readouterr().out
    assert done.value.code == 0
    assert text.startswith("gansmith verb RUN [flags]\n\nWhat it is for.\n")
    for flag in ("RUN", "--count", "--rate", "--kind", "--safe", "--pair", "--size"):
        assert len(re.findall(rf"^  {flag} ", text, re.MULTILINE)) == 1, flag
    assert re.search(r"^  --count +How many\. \[1\]$", text, re.MULTILINE) and "[0.5]" in text and "[None]" in text
    assert "--no-safe" not in text


@dataclass(frozen=True)
class Many:
    """A verb that takes any number of paths."""

    runs: Annotated[tuple[Path, ...], POSITIONAL]
    out: Path | None = None


def test_paths_lead_home_and_there_may_be_many(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    found = parse(Many, "verb", ["a", "~/b", "--out", "~/c", "d"])
    assert found == Many((Path("a"), Path("/home/somebody/b"), Path("d")), Path("/home/somebody/c"))
    with pytest.raises(GansmithError, match=r"~nobody-at-all/x: there is no such home folder"):
        parse(Many, "verb", ["a", "~nobody-at-all/x"])
    with pytest.raises(GansmithError, match="RUNS is missing"):
        parse(Many, "verb", ["--out", "x"])
