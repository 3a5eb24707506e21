"""Faces with sliders: what a slider moves, by a predictor of its own on the picture that the page shows."""

import base64
import io
import itertools
import json
import shutil

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

pytest.importorskip("streamlit", reason="streamlit is not installed: pip install 'gansmith[studio]'")

from gansmith.data.portraits import portraits
from gansmith.generators.file import SHIPPED
from gansmith.runs.loading import load
from gansmith.studio.place import WEIGHTS

axes = pytest.mark.skipif(
    not (SHIPPED / "faces.directions.safetensors").is_file(), reason="no generator with axes comes with gansmith yet"
)


def test_without_axes_there_is_no_such_page(page, studio):
    if (SHIPPED / "faces.directions.safetensors").is_file():
        pytest.skip("the generator that comes with gansmith has axes")
    page.goto(studio)
    page.get_by_text("The page of faces opens once a generator has axes").wait_for(timeout=120_000)
    assert page.get_by_text("Move a face").count() == 0


@pytest.fixture
def faces(page, studio):
    page.goto(f"{studio}/faces")
    page.wait_for_selector(".fc[data-answers]", timeout=120_000)
    return page


REACHED = ("Young", "Male", "Brown_Hair", "Smiling")
"""What the sliders of `faces` move: see docs/steering.md."""


@pytest.fixture(scope="session")
def eyes():
    """A network that has no part in steering or in the page's bars, of another form, learnt from other portraits.

    It maps pictures (N, 3, 64, 64) to logits of `REACHED`.
    """
    learnt = portraits(32, 1500, seed=3, names=[*REACHED])
    torch.manual_seed(0)
    layers = [nn.AvgPool2d(2)]
    for before, after in ((3, 16), (16, 32), (32, 64)):
        layers += [nn.Conv2d(before, after, 3, 2, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
    network = nn.Sequential(*layers, nn.Flatten(), nn.Linear(1024, len(REACHED)))
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    for batch, _ in zip(learnt.batches(64, 0, 0, torch.device("cpu")), range(400), strict=False):
        told = network[1:](batch.x)
        optimizer.zero_grad()
        nn.functional.binary_cross_entropy_with_logits(told, batch.attributes).backward()
        optimizer.step()
    network.eval()
    with torch.no_grad():
        unseen = next(portraits(32, 400, 5000, seed=3, names=[*REACHED]).batches(400, 0, 0, torch.device("cpu")))
        right = ((network[1:](unseen.x) > 0) == (unseen.attributes > 0.5)).float().mean(dim=0)
    assert right[:3].min() > 0.85 and right[3] > 0.75, right
    return network


def shown(page, which):
    raw = base64.b64decode(page.get_attribute(f".fc img.{which}", "src").partition(",")[2])
    pixels = torch.from_numpy(np.asarray(Image.open(io.BytesIO(raw)).convert("RGB")).copy())
    return pixels.permute(2, 0, 1).float() / 127.5 - 1


def bars(page):
    """Return the bars once the picture rests and the page waits for no answer any more."""
    for _ in range(600):
        if not page.locator(".fc").evaluate("fc => fc.faces.busy || fc.dataset.left > 0"):
            return {bar["name"]: bar for bar in json.loads(page.get_attribute(".fc", "data-bars"))}
        page.wait_for_timeout(50)
    raise AssertionError("no answer")


def slide(page, name, value):
    page.locator(f"[data-slider={name}]").fill(str(value))
    return bars(page)


@axes
@pytest.mark.parametrize(("name", "least"), [("Young", 0.5), ("Male", 1.5), ("Brown_Hair", 2.0), ("Smiling", 0.5)])
def test_a_slider_moves_what_it_names_in_the_picture_and_back(faces, eyes, name, least):
    rises, told = [], []
    for seed in range(5):
        faces.locator("[data-is=seed]").fill(str(seed))
        bars(faces)
        assert torch.equal(shown(faces, "before"), shown(faces, "after"))
        low = slide(faces, name, 5), shown(faces, "after")
        high = slide(faces, name, 95), shown(faces, "after")
        with torch.no_grad():
            both = eyes(torch.stack([low[1], high[1]]))[:, REACHED.index(name)]
        rises.append(float(both[1] - both[0]))
        told.append(high[0][name]["after"] - low[0][name]["after"])
        slide(faces, name, 50)
        assert torch.equal(shown(faces, "before"), shown(faces, "after"))
    assert sum(rises) / len(rises) > least and sum(rise > 0 for rise in rises) >= 4, rises
    assert sum(told) > 0  # and the page's own bars say so


@axes
def test_bars_are_read_off_the_two_pictures(faces, expect):
    told = slide(faces, "Brown_Hair", 95)
    reader = load("faces").directions.predictor
    read = reader.logits(torch.stack([shown(faces, "before"), shown(faces, "after")])).sigmoid().T.tolist()
    for name, (before, after) in zip(reader.names, read, strict=True):
        assert told[name]["before"] == pytest.approx(before, abs=0.06)  # pictures are bytes in the page
        assert told[name]["after"] == pytest.approx(after, abs=0.06)
    moved = [name for name, bar in told.items() if abs(bar["after"] - bar["before"]) > 0.02]
    assert set(moved) > {"Brown_Hair"}  # something else has moved, and is not said to be 0
    first = faces.locator(".bars .bar").first
    expect(first.locator("span").first).to_have_text("Brown Hair")  # what was asked for stands first


@axes
def test_truncation_brings_people_nearer_to_each_other(faces):
    def apart():
        seen = []
        for seed in (1, 2, 3):
            faces.locator("[data-is=seed]").fill(str(seed))
            bars(faces)
            seen.append(shown(faces, "before"))
        return sum(float((a - b).abs().mean()) for a, b in itertools.combinations(seen, 2))

    before = apart()
    faces.check("[data-is=advanced]")
    faces.locator("[data-is=truncation]").fill("0.3")
    near = apart()
    faces.locator("[data-is=truncation]").fill("1")
    assert near < 0.7 * before and apart() == before


@axes
def test_all_to_50_brings_the_person_back(faces, expect):
    slide(faces, "Male", 95)
    assert not torch.equal(shown(faces, "before"), shown(faces, "after"))
    faces.click("[data-do=middle]")
    bars(faces)
    assert torch.equal(shown(faces, "before"), shown(faces, "after"))
    expect(faces.locator("[data-slider=Male]")).to_have_value("50")


@axes
def test_a_run_with_axes_takes_the_place_of_faces(page, start, tmp_path):
    own = tmp_path / "runs" / "mine"
    own.mkdir(parents=True)
    shutil.copy(SHIPPED / "faces.safetensors", own / WEIGHTS)
    shutil.copy(SHIPPED / "faces.directions.safetensors", own / "directions.safetensors")
    page.goto(f"{start(tmp_path, 'runs')}/faces")
    page.wait_for_selector(".fc[data-answers]", timeout=120_000)
    page.get_by_role("combobox").click()
    page.get_by_role("option", name="mine").click()
    page.wait_for_selector(".save[download='mine-seed7.png']", timeout=120_000)
    drawn = load("faces").sample(1, seed=7)[0].clamp(-1, 1)
    assert torch.allclose(shown(page, "before"), drawn, atol=1 / 127)


@axes
def test_a_person_stays_the_same_by_seed_and_others_are_others(faces, expect):
    first = shown(faces, "before")
    faces.click("[data-do=person]")
    faces.wait_for_selector(".fc:not([data-seed='7'])", timeout=120_000)
    assert not torch.equal(first, shown(faces, "before"))
    faces.locator("[data-is=seed]").fill("7")
    faces.wait_for_selector(".fc[data-seed='7']", timeout=120_000)
    assert torch.equal(first, shown(faces, "before"))
    slide(faces, "Young", 10)
    expect(faces.locator(".save")).to_have_attribute("download", "faces-seed7-Young10.png")


@axes
def test_advanced_options_choose_sliders_and_what_is_held(faces, expect):
    assert faces.is_hidden(".advanced")
    faces.check("[data-is=advanced]")
    faces.check("[data-is=feature][value=Eyeglasses]")
    glasses = slide(faces, "Eyeglasses", 100)["Eyeglasses"]
    assert glasses["after"] > glasses["before"] + 0.3, glasses
    assert not torch.equal(shown(faces, "before"), shown(faces, "after"))
    held = slide(faces, "Male", 95)
    faces.check("[name=hold][value=none]")
    free = bars(faces)
    others = [name for name in held if name not in ("Male", "Eyeglasses")]

    def moved(told):
        return sum(abs(told[name]["after"] - told[name]["before"]) for name in others)

    assert moved(free) > moved(held)
    faces.uncheck("[data-is=feature][value=Eyeglasses]")
    expect(faces.locator("[data-slider=Eyeglasses]")).to_have_count(0)


@axes
def test_what_is_downloaded_is_the_picture_after(faces):
    slide(faces, "Male", 95)
    with faces.expect_download(timeout=60_000) as download:
        faces.get_by_text("Download").click()
    assert download.value.suggested_filename == "faces-seed7-Male95.png"
    sent = base64.b64decode(faces.get_attribute(".fc img.after", "src").partition(",")[2])
    assert download.value.path().read_bytes() == sent
    assert not torch.equal(shown(faces, "before"), shown(faces, "after"))


@axes
@pytest.mark.parametrize("width", [1100, 1280, 1920])
def test_the_list_of_features_shows_whole_rows(faces, width):
    faces.set_viewport_size({"width": width, "height": 800})
    faces.check("[data-is=advanced]")
    whole = """list => {
        const { top, bottom } = list.getBoundingClientRect();
        const rows = [...list.children].map((row) => row.getBoundingClientRect());
        const seen = rows.filter((row) => row.bottom > top + 1 && row.top < bottom - 1);
        const cut = seen.filter((row) => row.top < top - 1 || row.bottom > bottom + 1);
        const over = [...list.children].filter((row) => row.scrollHeight > row.clientHeight + 1);
        return rows.length > 20 && cut.length === 0 && over.length === 0;
    }"""
    features = faces.locator(".features")
    assert features.evaluate(whole)
    features.evaluate("list => list.scrollBy(0, 40)")
    faces.wait_for_timeout(500)
    assert features.evaluate(whole)
