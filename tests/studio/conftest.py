"""A studio that is served as the command serves it, and a real browser that looks at it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

import gansmith

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)

SOURCE = str(Path(gansmith.__file__).parent.parent)
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": SOURCE}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def serve(folder, *words):
    """Start `gansmith studio` and return its process and address once it answers."""
    port = free_port()
    command = [sys.executable, "-m", "gansmith", "studio", *words, "--port", str(port)]
    log = (folder / "studio.log").open("w")
    process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=ENVIRONMENT)
    for _ in range(240):
        try:
            urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=2)
            return process, f"http://localhost:{port}"
        except OSError:
            assert process.poll() is None, (folder / "studio.log").read_text()
            time.sleep(0.25)
    raise AssertionError("the studio does not answer")


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The process and the address of a studio without runs."""
    pytest.importorskip("streamlit", reason="streamlit is not installed: pip install 'gansmith[studio]'")
    process, address = serve(tmp_path_factory.mktemp("studio"))
    yield process, address
    process.terminate()
    process.wait(20)


@pytest.fixture
def start():
    """Starts a studio of one's own in a folder, and returns its address."""
    processes = []

    def begin(folder, *words):
        process, address = serve(folder, *words)
        processes.append(process)
        return address

    yield begin
    for process in processes:
        process.terminate()
        process.wait(20)


@pytest.fixture
def studio(served):
    """The address of a studio without runs."""
    return served[1]


@pytest.fixture(scope="session")
def chromium():
    """A browser, or a reason why there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def expect(chromium):
    """Playwright's assertions, which wait: a page shows a thing when it has it, not when it is asked."""
    from playwright.sync_api import expect

    expect.set_options(timeout=60_000)
    return expect


@pytest.fixture(scope="session")
def window(chromium):
    """A window of a laptop's size: Streamlit's scripts are fetched and compiled once, not once a test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(120_000)  # a crowded machine takes longer than Playwright's 30 s to open a page
    yield context
    context.close()


@pytest.fixture
def page(window):
    """A new page of the window, which fails the test where the page itself fails."""
    opened = window.new_page()
    failures = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    yield opened
    opened.close()
    assert failures == []


class Game:
    """The playground in a page: what it shows, and what one does there."""

    def __init__(self, page, studio):
        self.page, self.studio = page, studio

    def open(self, query=""):
        """Go there and wait for the first frame."""
        self.page.goto(f"{self.studio}/playground{query}")
        self.page.wait_for_selector(".pg[data-ready='1'][data-step]", timeout=120_000)
        return self

    @property
    def step(self):
        return int(self.page.get_attribute(".pg", "data-step"))

    @property
    def measured(self):
        """The step that the quantities are of."""
        return int(self.page.get_attribute(".pg", "data-measured") or -1)

    @property
    def quantities(self):
        return json.loads(self.page.get_attribute(".pg", "data-quantities") or "{}")

    def until(self, condition, seconds=240):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, (self.step, self.quantities, self.page.inner_text(".pg .error"))
            self.page.wait_for_timeout(50)

    def send(self, **word):
        """Say something as the page's own controls do."""
        self.page.locator(".pg").evaluate("(pg, word) => pg.playground.line.say(word)", word)

    def at(self, step):
        """Wait for a step and its quantities, and return these."""
        self.until(lambda: self.step == step == self.measured)
        return self.quantities

    def play_to(self, step):
        """Play past a step, or go back to it, and return its quantities."""
        if self.step < step:
            self.page.click("[data-do=play]")
            self.until(lambda: self.step >= step)
            self.pause()
        self.send(do="go", step=step)
        return self.at(step)

    def pause(self):
        self.page.click("[data-do=play]")
        self.until(lambda: self.page.inner_text("[data-do=play]") == "Play")

    def choose(self, name, value):
        """Use one of the controls at the left."""
        box = self.page.locator(f".controls [name='{name}']")
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
            box.dispatch_event("change")


@pytest.fixture
def game(page, studio):
    """The playground, not yet opened."""
    return Game(page, studio)


@pytest.fixture
def another(chromium, studio):
    """The playground in a browser of its own."""
    context = chromium.new_context()
    yield Game(context.new_page(), studio)
    context.close()
