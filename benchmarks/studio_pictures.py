"""Pictures of the studio's pages, for the docs and for its front page: see benchmarks/studio.py."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

CARD = 240  # pixels
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


def number(page: Page, name: str) -> float:
    """Return a number that the playground tells of itself."""
    return float(page.get_attribute(".pg", f"data-{name}") or 0)


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
        rest(page, ".fc", "at => at.faces.busy || at.dataset.left > 0")
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
    rest(page, ".ed", "at => at.edit.busy || at.edit.next || at.dataset.left > 0")


def rest(page: Page, which: str, works: str) -> None:
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
    for name, show in CARDS.items():
        page.goto(f"{address}/{PAGES[name][0]}")
        page.wait_for_selector(PAGES[name][1], timeout=240_000)
        sheet = Image.new("RGB", (2 * CARD, CARD))
        for i, raw in enumerate(show(page)):
            sheet.paste(Image.open(io.BytesIO(raw)).convert("RGB").resize((CARD, CARD)), (i * CARD, 0))
        sheet.save(out / f"card-{name}.webp", quality=80, method=6)
    page.close()


def _game(page: Page) -> list[bytes]:
    """Return the picture of the playground early and late."""
    page.click("[data-layer=arrows]")
    page.click("[data-layer=warp]")
    page.keyboard.press("Space")
    found = []
    for step in (30, 600):
        _reach(page, step)
        found.append(page.locator(".picture").screenshot())
    return found


def _pair(page: Page) -> list[bytes]:
    """Return the first pair of the quiz."""
    page.wait_for_timeout(3000)
    return [one.screenshot() for one in page.locator(".pictures img").all()]


def _face(page: Page) -> list[bytes]:
    """Return a face before and after a slider."""
    page.locator("[data-slider=Brown_Hair]").fill("90")
    rest(page, ".fc", "at => at.faces.busy || at.dataset.left > 0")
    page.wait_for_timeout(1000)
    return [one.screenshot() for one in page.locator(".pair img").all()]


def _edited(page: Page) -> list[bytes]:
    """Return a face that is painted over, and what became of it."""
    _paint(page)
    page.wait_for_timeout(1000)
    return [page.locator(which).screenshot() for which in (".ed .board", ".ed img.after")]


def _ways(page: Page) -> list[bytes]:
    """Return two places of a way between two people."""
    page.wait_for_timeout(3000)
    strip = Image.open(io.BytesIO(page.locator("[data-testid=stImage] img").first.screenshot()))
    found = []
    for column in (0, 8):
        side, file = strip.width / 9, io.BytesIO()
        strip.crop((round(column * side), 0, round((column + 1) * side), strip.height)).save(file, "PNG")
        found.append(file.getvalue())
    return found


CARDS = {"playground": _game, "real": _pair, "faces": _face, "edit": _edited, "latent": _ways}
"""Of each page, what its card shows."""
