"""Painting over a picture: strokes change it where they are, and whatever a page sends gets a clear word."""

import base64
import io
import re
import struct
import zlib

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

pytest.importorskip("streamlit", reason="streamlit is not installed: pip install 'gansmith[studio]'")

from gansmith.generators.file import shipped
from gansmith.studio.editing import session as sessions
from gansmith.studio.editing.session import Session

faces = pytest.mark.skipif(shipped("faces") is None, reason="no generator comes with gansmith yet")


def encoded(image, kind="PNG"):
    file = io.BytesIO()
    image.save(file, kind)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def bomb():
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 40_000, 25_000, 8, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    return base64.b64encode(png).decode()


def painted(box=(20, 8, 44, 16), colour=(40, 25, 20), side=64):
    layer = Image.new("RGBA", (side, side))
    ImageDraw.Draw(layer).rectangle(box, fill=colour)
    return layer


def pixels(source):
    raw = base64.b64decode(source.partition(",")[2])
    return torch.from_numpy(np.asarray(Image.open(io.BytesIO(raw)).convert("RGB")).copy()).float() / 127.5 - 1


@pytest.fixture(scope="module")
def open_session():
    found = Session()
    assert "error" not in found.answer({"do": "person", "name": "faces", "seed": 7})
    return found


@faces
def test_a_stroke_changes_the_picture_where_it_is_and_undoing_it_brings_it_back(open_session):
    before = pixels(open_session.answer({"do": "person", "name": "faces", "seed": 7})["after"])
    answer = open_session.answer({"do": "edit", "strokes": encoded(painted())})
    while answer["left"]:
        answer = open_session.answer({"do": "edit", "strokes": encoded(painted())})
    change = (pixels(answer["after"]) - before).abs().mean(dim=2)
    assert answer["fallen"] > 0.5 and change[8:17, 20:45].mean() > 2 * change[30:].mean()
    back = open_session.answer({"do": "edit", "strokes": None, "anew": True})
    assert torch.equal(pixels(back["after"]), before)


@faces
def test_each_layer_has_its_say(open_session):
    line = painted((16, 40, 48, 41), (250, 250, 250))
    before = pixels(open_session.answer({"do": "person", "name": "faces", "seed": 7})["after"])

    def after(**layers):
        open_session.answer({"do": "edit", "anew": True})
        found = [open_session.answer({"do": "edit", "anew": i == 0, **layers}) for i in range(5)][-1]
        assert found["fallen"] > 0
        return pixels(found["after"])

    stroke, edge = after(strokes=encoded(line)), after(edges=encoded(line))
    held = after(strokes=encoded(line), keep=encoded(painted((0, 44, 63, 63))))
    changes = [(x - before).abs() for x in (stroke, edge, held)]
    assert all(change.max() > 0.05 for change in changes) and not torch.equal(stroke, edge)
    assert changes[2][46:].mean() < 0.8 * changes[0][46:].mean()


@faces
@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"do": "person", "name": "../faces", "seed": 1}, "no run is called"),
        ({"do": "person", "name": "faces", "seed": -1}, "seed = -1 must be"),
        (
            {"do": "upload", "name": "faces", "called": "a.txt", "content": base64.b64encode(b"text").decode()},
            "a.txt is no picture",
        ),
        ({"do": "upload", "name": "faces", "called": "b.png", "content": bomb()}, "too many"),
        ({"do": "upload", "name": "faces", "called": "c.png", "content": "A" * 5_000_000}, "3 MB are the most"),
        ({"do": "upload", "name": "faces", "called": "d.png", "content": "!!"}, "did not arrive whole"),
        ({"do": "upload", "name": "faces", "called": "e.png"}, "nothing was sent"),
        ({"do": "edit", "strokes": encoded(painted(side=60))}, "strokes is 60x60"),
        ({"do": "edit", "strokes": encoded(Image.new("RGB", (64, 64)))}, "nothing transparent"),
        ({"do": "drag", "moves": [[1, 1, 900, 1]]}, "within the picture"),
        ({"do": "drag", "moves": "x"}, "at once are the most"),
        ({"do": "drag", "moves": [[1]]}, "cannot be done"),
        ({"do": "dance"}, "is not known here"),
    ],
)
def test_whatever_is_wrong_is_one_line(open_session, said, told):
    error = open_session.answer(said)["error"]
    assert told in error and "\n" not in error


def test_without_a_picture_there_is_nothing_to_edit():
    assert "no picture is open" in Session().answer({"do": "edit"})["error"]


@faces
def test_an_upload_becomes_its_nearest_sample_and_is_not_kept(open_session, monkeypatch, tmp_path):
    monkeypatch.setenv("GANSMITH_CACHE", str(tmp_path))
    monkeypatch.setattr(sessions, "Search", lambda steps, restarts=1: sessions.invert.__globals__["Search"](2, 1))
    answer = open_session.answer(
        {
            "do": "upload",
            "name": "faces",
            "called": "me.jpg",
            "content": encoded(Image.new("RGB", (90, 80), "teal"), "JPEG"),
        }
    )
    assert "the nearest sample is" in answer["notes"][-1] and "me.jpg: 90x80 is not square" in answer["notes"][0]
    assert not any("JFIF" in str(value) for value in vars(open_session).values()) and not [*tmp_path.iterdir()]


@faces
def test_a_mouse_paints_and_the_generator_answers(page, studio):
    page.goto(f"{studio}/edit")
    page.wait_for_selector(".ed[data-answers]", timeout=120_000)
    before = pixels(page.get_attribute(".ed img.after", "src"))
    page.locator("[data-is=colour]").fill("#281914")
    box = page.locator(".ed .strokes").bounding_box()
    x, y = (lambda share: box["x"] + share * box["width"]), (lambda share: box["y"] + share * box["height"])
    page.mouse.move(x(0.35), y(0.2))
    page.mouse.down()
    page.mouse.move(x(0.65), y(0.2), steps=8)
    page.mouse.up()
    for _ in range(1200):
        if page.get_attribute(".ed", "data-left") == "0" and not page.locator(".ed").evaluate("e => e.edit.busy"):
            break
        page.wait_for_timeout(100)
    change = (pixels(page.get_attribute(".ed img.after", "src")) - before).abs().mean(dim=2)
    assert change[11:15, 24:40].mean() > 0.1 and change[11:15, 24:40].mean() > 2 * change[40:].mean()
    page.locator("[data-do=undo]").click()
    for _ in range(600):
        undone = pixels(page.get_attribute(".ed img.after", "src"))
        if torch.equal(undone, before):
            break
        page.wait_for_timeout(100)
    assert torch.equal(undone, before)
    for tool, layer in (("Sketch an edge", "edges"), ("Keep this region", "keep")):
        page.get_by_text(tool).click()
        page.mouse.move(x(0.4), y(0.7))
        page.mouse.down()
        page.mouse.move(x(0.6), y(0.7), steps=3)
        page.mouse.up()
        painted_on = f"e => e.edit.painted(e.edit.layers.{layer}) !== null && e.edit.painted(e.edit.strokes) === null"
        assert page.locator(".ed").evaluate(painted_on)
        page.locator("[data-do=undo]").click()
        assert page.locator(".ed").evaluate(f"e => e.edit.painted(e.edit.layers.{layer}) === null")
    page.locator("[data-is=upload]").set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    page.get_by_text("x.png is no picture that is known").wait_for(timeout=60_000)
    large = {"name": "large.png", "mimeType": "image/png", "buffer": bytes(3_100_000)}
    page.locator("[data-is=upload]").set_input_files(large)
    page.get_by_text("large.png: 3 MB are the most").wait_for(timeout=60_000)


def rested(page):
    """Return the picture after, once the page waits for no answer any more."""
    for _ in range(1200):
        if page.locator(".ed").evaluate("e => !e.edit.busy && !e.edit.next && !(e.dataset.left > 0)"):
            return pixels(page.get_attribute(".ed img.after", "src"))
        page.wait_for_timeout(100)
    raise AssertionError("no answer")


@faces
def test_a_seed_is_somebody_and_a_dragged_point_moves_the_picture(page, studio, expect):
    page.goto(f"{studio}/edit")
    page.wait_for_selector(".ed[data-answers]", timeout=120_000)
    first, seen = rested(page), []
    for seed in ("8", "7"):
        answers = int(page.get_attribute(".ed", "data-answers"))
        page.locator("[data-is=seed]").fill(seed)
        page.locator("[data-is=seed]").press("Enter")
        expect(page.locator(f".ed[data-answers='{answers + 1}']")).to_be_visible()
        seen.append(rested(page))
    assert not torch.equal(seen[0], first) and torch.equal(seen[1], first)
    page.get_by_text("Drag a point").click()
    box = page.locator(".ed .strokes").bounding_box()
    x, y = box["x"] + 0.5 * box["width"], box["y"] + 0.6 * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 0.1 * box["width"], y, steps=4)
    page.mouse.up()
    expect(page.locator(".ed .notes")).to_have_text(re.compile(r"^\d+ steps; pixels left: \d+$"))
    assert float((rested(page) - first).abs().mean()) > 0.005
    expect(page.locator(".ed .error")).to_be_hidden()
    left = float(page.inner_text(".ed .notes").rpartition(" ")[2])
    assert left < 6.4  # pixels of the drag: the point has come nearer to where it was asked for
