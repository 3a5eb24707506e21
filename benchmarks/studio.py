"""The studio in a real browser on the same machine: frames and updates a second, slider to picture, opening; memory.

python benchmarks/studio.py              figures
python benchmarks/studio.py --minutes 10 and whether memory stays flat
python benchmarks/studio.py --pictures docs/images/studio    every page at 1280 and 1920 pixels, light and dark
python benchmarks/studio.py --cards src/gansmith/studio/assets    the small pictures of the front page
"""

from __future__ import annotations

import argparse
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

from playwright.sync_api import Browser, Page, sync_playwright
from studio_pictures import PAGES, cards, number, pictures, rest

NAMES = ("chromium", "chromium-browser", "google-chrome")


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


def opening(browser: Browser, address: str) -> None:
    """Print how long every page takes to open once it has been opened before: the median of nine."""
    for name in ("start", "playground", "real", "faces", "edit", "latent"):
        path, ready, _ = PAGES[name]
        page, spent = browser.new_page(viewport={"width": 1280, "height": 800}), []
        for _ in range(10):
            start = time.monotonic()
            page.goto(f"{address}/{path}")
            page.wait_for_selector(ready, timeout=240_000)
            spent.append(time.monotonic() - start)
        print(f"{name} opens in {statistics.median(spent[1:]):.2f} s, at most {max(spent[1:]):.2f} s", flush=True)
        page.close()


def slide(browser: Browser, address: str) -> None:
    """Print how long it takes from a slider to the first new picture and to the last, at rest and on the way."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}/faces")
    page.wait_for_selector(".fc[data-answers]", timeout=240_000)
    spent: dict[bool, list[float]] = {True: [], False: []}
    rests = []
    for i in range(50):
        resting = i % 2 == 0  # else it goes on from where it is, a step or two after the last question
        page.wait_for_timeout(300 if resting else 40 * (i % 8))
        answers = int(page.get_attribute(".fc", "data-answers") or 0)
        page.locator("[data-slider=Smiling]").fill(str(1 + (37 * i) % 99))
        page.wait_for_selector(f".fc[data-answers='{answers + 1}']", timeout=240_000)
        spent[resting].append(float(page.get_attribute(".fc", "data-ms") or 0))
        if not resting:
            rest(page, ".fc", "at => at.faces.busy || at.dataset.left > 0")
            rests.append(float(page.get_attribute(".fc", "data-rest") or 0))
    for resting, where in ((True, "at rest"), (False, "on its way")):
        times = sorted(spent[resting][5:])
        most = times[round(0.95 * len(times)) - 1]
        print(f"slider to new picture, {where}: median {statistics.median(times):.0f} ms, 95 % within {most:.0f} ms")
    print(f"slider to the last step: median {statistics.median(rests):.0f} ms")
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
            opening(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
