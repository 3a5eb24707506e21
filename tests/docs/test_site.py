"""The site builds without a warning, opens from disk, leads nowhere that is not there, and answers a newcomer soon."""

import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest

from gansmith.recipes import RECIPES

ROOT = Path(__file__).parents[2]
MISSING = [name for name in ("mkdocs", "material", "mkdocstrings", "latex2mathml") if find_spec(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"no {', '.join(MISSING)}: pip install 'gansmith[docs]'")
QUESTIONS = {
    "my own images": ("gansmith train dcgan --data path/to/images", "a folder of images of your own"),
    "my own loss": ("--loss own_loss:Tempered", "def generator(self, real, fake)"),
    "is my run collapsing": ("mode collapse", "samples are alike", "--minibatch stddev"),
    "sample from Python": ("gansmith.load(", "gan.sample(16", ".save("),
    "which recipe": ("small gray or colour images", "dcgan", "few images"),
}
"""What somebody new asks in these words, and what an answer says."""
RAW = re.compile(r"\$\$|\$\w|\\[a-zA-Z]{2,}|\*\*|\]\(|^\| |^#+ |^>>> |:::|`|<!--", re.MULTILINE)
"""Markup and equations that were not understood."""
AMISS = """() => {
  const amiss = document.documentElement.scrollWidth > 1280 ? ["the page"] : [];
  for (const table of document.querySelectorAll(".md-content table"))
    if (table.offsetWidth > document.querySelector(".md-content__inner").offsetWidth + 16)
      amiss.push(`a table of ${table.rows[0].cells.length} columns`);
  for (const image of document.querySelectorAll(".md-content img"))
    if (!image.complete || !image.naturalWidth) amiss.push(image.src);
  return amiss;
}"""
"""What does not fit, or is not there."""
CODE = ("code", "pre", "script", "style")


class Page(HTMLParser):
    """What a page links to, what it loads, and what can be linked to in it."""

    def __init__(self, text):
        super().__init__()
        self.links, self.loads, self.names, self.text, self.words = [], [], set(), text, []
        self.prose, self.menu, self.inside = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.inside += [tag] if tag in (*CODE, "article", "nav") else []
        self.names.add(found.get("id"))
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
            self.menu += [found["href"]] if "nav" in self.inside else []
        source = found.get("href") if tag == "link" and found.get("rel") != "canonical" else found.get("src")
        if source:
            self.loads.append(source)

    def handle_endtag(self, tag):
        if tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, data):
        self.words.append(data)
        self.prose += [data] if "article" in self.inside and not {*self.inside} & {*CODE} else []


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    place = tmp_path_factory.mktemp("site")
    paths = os.pathsep.join([str(ROOT / "src"), *sys.path])
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": paths}
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


def front(site):
    return next(path for path in site if path.name == "index.html" and path.parent.name.startswith("site"))


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_newcomers_question_is_answered_within_two_clicks(site, question):
    start = front(site)
    asked = [row for row in site[start].text.split("<tr>") if question.lower() in plain(Page(row).words).lower()]
    assert len(asked) == 1, f"the front page does not ask: {question}?"
    places = [target(start, link) for link in Page(asked[0]).links]
    menu = {target(start, link)[0] for link in site[start].menu}
    assert places and {file for file, _ in places} <= menu, "the menu does not lead there"
    answers = [plain(Page(from_name(site[file].text, name)).words) for file, name in places]
    lacking = [words for words in QUESTIONS[question] if not any(words in answer for answer in answers)]
    assert not lacking, f"{[file.name for file, _ in places]} do not say {lacking}"


def plain(words):
    return " ".join("".join(words).split())


def from_name(text, name):
    """Return what of a page one sees who follows a link to a name in it: from there to the next heading as large."""
    if not name:
        return text
    rest = text[text.index(f'id="{name}"') :]
    return rest[: rest.find("<h2 id", 1)] if "<h2 id" in rest else rest


def test_nothing_is_left_as_markup_and_no_equation_as_tex(site):
    left = {
        path.name: found[:3]
        for path, page in site.items()
        if (found := [one.group() for one in RAW.finditer("".join(page.prose))])
    }
    assert not left
    assert site[front(site).with_name("course.html")].text.count("<math") > 50


def test_no_sentence_has_become_a_row_of_a_table(site):
    row = re.compile(r"<tr>\s*<td[^>]*>((?:(?!</td>).)+)</td>((?:\s*<td[^>]*></td>)+)\s*</tr>", re.DOTALL)
    alone = {path.name: found.group(1) for path, page in site.items() if (found := row.search(page.text))}
    assert not alone, "is there an empty line after the table?"


def test_the_reference_has_a_row_a_parameter(site):
    rooms = [page for path, page in site.items() if path.parent.name == "reference"]
    names = [name for page in rooms for name in re.findall(r"<tr[^>]*>\s*<td>\s*<code>([^<]*)</code>", page.text)]
    assert len(names) > 100 and not [name for name in names if "," in name]


def test_pages_fit_a_window_of_1280_and_show_their_pictures(site):
    """Steering's table has a column for each of 26 attributes."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install -e '.[dev]'")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    found = {}
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        for path in site:
            if path.parent.name not in ("reference", "recipes") and "files" not in path.parts:
                page.goto(path.as_uri())
                found[path.name] = page.evaluate(AMISS)
        browser.close()
    assert {name: amiss for name, amiss in found.items() if amiss} == {"steering.html": ["a table of 27 columns"]}


def test_every_picture_of_a_recipe_has_its_command_and_figures(site):
    place = ROOT / "docs" / "images" / "recipes"
    runs = json.loads((place / "recipes.json").read_text(encoding="utf-8")) if place.is_dir() else {}
    assert {path.stem for path in place.glob("*.png")} == set(runs) <= set(RECIPES)
    for name, run in runs.items():
        assert run["command"].startswith(f"gansmith train {name} ") and run["seconds"] < 240 and len(run) > 2
        page = named(site, f"recipes/{name}")
        assert f"images/recipes/{name}.png" in page.text and run["command"] in "".join(page.words)


def test_every_figure_of_the_course_opens_as_large_as_it_is(site):
    page = named(site, "course")
    figures = [source for source in page.loads if "figures/" in source]
    assert len(figures) > 30 and set(figures) <= set(page.links)
