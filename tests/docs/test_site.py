"""The site builds without a warning, opens from disk, leads nowhere that is not there, and answers a newcomer soon."""

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest

from gansmith.recipes import RECIPES

ROOT = Path(__file__).parents[2]
MISSING = [name for name in ("mkdocs", "material", "mkdocstrings") if find_spec(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"no {', '.join(MISSING)}: pip install 'gansmith[docs]'")
QUESTIONS = {
    "my own images": "--data",
    "my own loss": "--term",
    "is my run collapsing": "alike",
    "how do I sample from Python": ".sample(",
    "which recipe": "small gray or colour images",
}


class Page(HTMLParser):
    """What a page links to, what it loads, and what can be linked to in it."""

    def __init__(self, text):
        super().__init__()
        self.links, self.loads, self.names, self.text, self.words = [], [], set(), text, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.names.add(found.get("id"))
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        source = found.get("href") if tag == "link" and found.get("rel") != "canonical" else found.get("src")
        if source:
            self.loads.append(source)

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    place = tmp_path_factory.mktemp("site")
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(place)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, "\n".join(line for line in done.stderr.splitlines() if "INFO" not in line)
    return {path.resolve(): Page(path.read_text(encoding="utf-8")) for path in place.rglob("*.html")}


def target(page, link):
    """Return the file that a link leads to, and the name in it."""
    place, _, name = link.partition("#")
    return (page.parent / place).resolve() if place else page, name


def is_outside(link):
    return link.startswith(("http://", "https://", "mailto:", "data:"))


def test_no_link_is_dead_and_nothing_is_fetched(site):
    dead = []
    for path, page in site.items():
        assert not [one for one in page.loads if one.startswith(("http", "//"))], f"{path.name} needs a network"
        for link in [*page.links, *page.loads]:
            if not is_outside(link):
                file, name = target(path, link)
                if not file.exists() or (name and file in site and name not in site[file].names | {"__skip"}):
                    dead.append(f"{path.name}: {link}")
    assert not dead


def named(site, name):
    return next(page for path, page in site.items() if path.as_posix().endswith(f"/{name}.html"))


def test_every_recipe_has_its_page_and_every_public_name_its_entry(site):
    from gansmith import __all__ as public

    for name, build in RECIPES.items():
        page = named(site, f"recipes/{name}")
        words = " ".join("".join(page.words).split())
        assert f"gansmith train {name}" in words and "What its paper has" in words
        for data, bounds in build().bounds.items():
            assert data in words and all(f"{measure} {bound:g}" in words for measure, bound in bounds.items())
        assert page.names >= {"what-it-reaches", "all-of-it"}
    reference = named(site, "reference/gansmith")
    assert {f"gansmith.{name}" for name in public if not name.startswith("__")} <= reference.names
    terms = named(site, "reference/gansmith.terms").names
    assert {"gansmith.terms.Adversarial", "gansmith.terms.GradientPenalty"} <= terms


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_newcomers_question_is_answered_within_two_clicks(site, question):
    start = next(path for path in site if path.name == "index.html" and path.parent.name.startswith("site"))
    rows = [row for row in site[start].text.split("<tr>") if question.split()[-1].lower() in row.lower()]
    links = [link for row in rows for link in Page(row).links]
    assert links, f"the front page does not ask: {question}?"
    pages = {target(start, link)[0] for link in links}
    assert any(QUESTIONS[question] in "".join(site[page].words) for page in pages)


def test_every_picture_of_a_recipe_has_its_command_and_figures(site):
    place = ROOT / "docs" / "images" / "recipes"
    runs = json.loads((place / "recipes.json").read_text(encoding="utf-8")) if place.is_dir() else {}
    assert {path.stem for path in place.glob("*.png")} == set(runs) <= set(RECIPES)
    for name, run in runs.items():
        assert run["command"].startswith(f"gansmith train {name} ") and run["seconds"] < 120 and len(run) > 2
        page = named(site, f"recipes/{name}")
        assert f"images/recipes/{name}.png" in page.text and run["command"] in "".join(page.words)


def test_every_figure_of_the_course_opens_as_large_as_it_is(site):
    page = named(site, "course")
    figures = [source for source in page.loads if "figures/" in source]
    assert len(figures) > 30 and set(figures) <= set(page.links)
