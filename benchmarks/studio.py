"""The studio in a real browser on the same machine: frames and updates a second, slider to picture, memory; pictures.

python benchmarks/studio.py              figures
python benchmarks/studio.py --minutes 10 and whether memory stays flat
python benchmarks/studio.py --pictures docs/images/studio    every page at 1280 and 1920 pixels, light and dark
python benchmarks/studio.py --cards src/gansmith/studio/assets    the small pictures of the front page
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

CARD = 240  # pixels
NAMES = ("chromium", "chromium-browser", "google-chrome")
SIZES = ((1280, 800), (1920, 1080))
PAGES = {
    "playground": ("playground?seed=1", ".pg[data-ready='1'][data-step]", 900),
    "failure": ("playground?preset=oscillation&cured=0", ".pg[data-ready='1'][data-step]", 300),
    "inside": ("playground?seed=1", ".pg[data-ready='1'][data-step]", 200),
    "line": ("playground?preset=rotation&cured=1", ".pg[data-ready='1'][data-step]", 130),
    "real": ("real", ".qz .pictures img", 0),
    "faces": ("faces", ".fc[data-answers]", 0),
    "edit": ("edit", ".ed[data-answers]", 0),
    "latent": ("latent", "[data-testid=stImage] img", 0),
    "start": ("", ".gs-card", 0),
}


@contextmanager
def studio() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Serve a studio as the command does."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "gansmith", "studio", "--port", str(port)]
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        address = f"http://localhost:{port}"
        try:
            while True:
                try:
                    urllib.request.urlopen(f"{address}/_stcore/health", timeout=2)
                    break
                except OSError:
                    time.sleep(0.2)
            yield process, address
        finally:
            process.terminate()
            process.wait(20)


def number(page: Page, name: str) -> float:
    """Return a number that the playground tells of itself."""
    return float(page.get_attribute(".pg", f"data-{name}") or 0)


def resident(process: subprocess.Popen[bytes]) -> float:
    """Return the memory of the server, in MiB."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def heap(page: Page) -> float:
    """Return the memory of the page's script once its garbage is collected, in MiB."""
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    return float(page.evaluate("performance.memory.usedJSHeapSize")) / 2**20


def play(browser: Browser, process: subprocess.Popen[bytes], address: str, minutes: float) -> None:
    """Print frames and updates a second on the 2-D default, and memory."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}/playground")
    page.wait_for_selector(".pg[data-ready='1'][data-step]", timeout=240_000)
    page.keyboard.press("Space")
    page.wait_for_timeout(4000)
    before, start, frames = number(page, "step"), time.monotonic(), []
    for _ in range(10):
        page.wait_for_timeout(1000)
        frames.append(number(page, "fps"))
    steps = (number(page, "step") - before) / (time.monotonic() - start)
    print(f"playground: {statistics.median(frames):.1f} frames/s, {2 * steps:.0f} updates/s (2 x 64, batch 128)")
    for name in ("discriminator", "warp", "trails"):  # everything that can be shown
        page.click(f"[data-inside={name}]" if name == "discriminator" else f"[data-layer={name}]")
    seen = []
    for minute in range(int(minutes) + 1 if minutes else 0):
        page.wait_for_timeout(60_000 if minute else 0)
        seen.append((resident(process), heap(page)))
        told = f"server {seen[-1][0]:.0f} MiB, page {seen[-1][1]:.1f} MiB"
        print(f"  minute {minute}, step {number(page, 'step'):,.0f}: {told}", flush=True)
    if len(seen) > 3:
        grown = [statistics.mean(late) - statistics.mean(early) for early, late in _thirds(seen)]
        print(f"  last third - second third: server {grown[0]:+.1f} MiB, page {grown[1]:+.2f} MiB")
    page.close()


def _thirds(seen: list[tuple[float, float]]) -> Iterator[tuple[list[float], list[float]]]:
    """Yield, of the server and of the page, what was seen in the second third of the time and in the last."""
    third = len(seen) // 3
    for column in zip(*seen, strict=True):
        yield [*column[third:-third]], [*column[-third:]]


def slide(browser: Browser, address: str) -> None:
    """Print how long it takes from a slider to the new picture."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}/faces")
    page.wait_for_selector(".fc[data-answers]", timeout=240_000)
    spent, rests = [], []
    for i in range(60):
        answers = int(page.get_attribute(".fc", "data-answers") or 0)
        page.locator("[data-slider=Smiling]").fill(str(1 + (37 * i) % 99))
        page.wait_for_selector(f".fc[data-answers='{answers + 1}']", timeout=240_000)
        spent.append(float(page.get_attribute(".fc", "data-ms") or 0))
        if i % 6 == 0:  # now and then it comes to rest: else it goes on from where it is
            _rest(page, ".fc", "at => at.faces.busy || at.faces.due || at.dataset.left > 0")
            rests.append(float(page.get_attribute(".fc", "data-rest") or 0))
    spent = sorted(spent[10:])
    print(f"slider to new picture: median {statistics.median(spent):.0f} ms, 95 % within {spent[47]:.0f} ms")
    print(f"slider to the last step: median {statistics.median(rests):.0f} ms")
    page.close()


def pictures(browser: Browser, address: str, out: Path) -> None:
    """Write what every page looks like, each of them in one state."""
    out.mkdir(parents=True, exist_ok=True)
    for name, (path, ready, step) in PAGES.items():
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
        page.goto(f"{address}/{path}")
        page.wait_for_selector(ready, timeout=240_000)
        _pose(page, name, step)
        for scheme in ("light", "dark"):
            look: Any = scheme
            page.emulate_media(color_scheme=look)
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                page.wait_for_timeout(2500)
                shot = Image.open(io.BytesIO(page.screenshot()))
                shot.save(out / f"{name}-{width}-{scheme}.webp", quality=82, method=6)
        page.close()


def _pose(page: Page, name: str, step: int) -> None:
    """Do what makes a page worth a picture."""
    if name == "inside":
        _look_inside(page)
    if name in ("playground", "inside"):
        page.keyboard.press("Space")
    if name == "line":
        page.keyboard.press("4")
    if step:
        _reach(page, step)
        page.keyboard.press("Space")
    if name == "inside":
        _point(page)
    if name == "real":
        for _ in range(6):
            page.keyboard.press("ArrowLeft")
            page.wait_for_timeout(1500)
            page.keyboard.press("Enter")
        page.keyboard.press("ArrowRight")
    if name == "faces":
        page.check("[data-is=advanced]")
        page.locator("[data-slider=Young]").fill("90")
        page.locator("[data-slider=Brown_Hair]").fill("90")
        _rest(page, ".fc", "at => at.faces.busy || at.faces.due || at.dataset.left > 0")
    if name == "edit":
        _paint(page)
    page.wait_for_timeout(4000)


def _paint(page: Page) -> None:
    """Paint dark hair, and wait until the picture rests."""
    page.locator("[data-is=colour]").fill("#281914")
    page.locator("[data-is=brush]").fill("7")
    box = page.locator(".ed .strokes").bounding_box() or {}
    for i, (x, y) in enumerate(((0.31, 0.3), (0.38, 0.21), (0.5, 0.17), (0.6, 0.21), (0.68, 0.3))):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
        if not i:
            page.mouse.down()
    page.mouse.up()
    _rest(page, ".ed", "at => at.edit.busy || at.edit.next || at.dataset.left > 0")


def _rest(page: Page, which: str, works: str) -> None:
    """Wait until a component waits for no answer any more."""
    while page.locator(which).evaluate(works):
        page.wait_for_timeout(200)


def _reach(page: Page, step: int) -> None:
    """Wait until the playground has come to a step."""
    while number(page, "step") < step:
        page.wait_for_timeout(200)


def _look_inside(page: Page) -> None:
    """Pin two samples, and open D."""
    box = page.locator(".picture").bounding_box() or {}
    for x, y in ((0.45, 0.4), (0.6, 0.55)):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.click("[data-inside=discriminator]")


def _point(page: Page) -> None:
    """Point at a unit of D's second layer, and keep it."""
    box = page.locator(".units").bounding_box() or {}
    page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 0.75 * box["height"])


def cards(browser: Browser, address: str, out: Path) -> None:
    """Write two small pictures side by side for each page."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    found: dict[str, list[bytes]] = {"playground": [], "faces": [], "real": []}
    page.goto(f"{address}/playground?seed=1")
    page.wait_for_selector(PAGES["playground"][1], timeout=240_000)
    page.click("[data-layer=arrows]")
    page.click("[data-layer=warp]")
    page.keyboard.press("Space")
    for step in (30, 600):
        _reach(page, step)
        found["playground"].append(page.locator(".picture").screenshot())
    for name, which in (("real", ".pictures img"), ("faces", ".pair img")):
        page.goto(f"{address}/{name}")
        page.wait_for_selector(PAGES[name][1], timeout=240_000)
        if name == "faces":
            page.locator("[data-slider=Brown_Hair]").fill("90")
        page.wait_for_timeout(3000)
        found[name] = [one.screenshot() for one in page.locator(which).all()]
    for name, pair in found.items():
        sheet = Image.new("RGB", (2 * CARD, CARD))
        for i, raw in enumerate(pair):
            sheet.paste(Image.open(io.BytesIO(raw)).convert("RGB").resize((CARD, CARD)), (i * CARD, 0))
        sheet.save(out / f"card-{name}.webp", quality=80, method=6)
    page.close()


def main() -> None:
    """Measure, or take pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=0.0, help="of play, to see memory")
    parser.add_argument("--pictures", type=Path, help="folder for pictures of every page")
    parser.add_argument("--cards", type=Path, help="folder for the pictures of the front page")
    asked = parser.parse_args()
    path = next((found for one in NAMES if (found := shutil.which(one))), None)
    with sync_playwright() as playwright, studio() as (process, address):
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--enable-precise-memory-info"]
        )
        if asked.pictures:
            pictures(browser, address, asked.pictures)
        elif asked.cards:
            cards(browser, address, asked.cards)
        else:
            play(browser, process, address, asked.minutes)
            slide(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
