"""Faces with sliders: what a slider moves, by a predictor of its own on the picture that the page shows."""

import base64
import io
import json

import numpy as np
import pytest
import torch
from PIL import Image

pytest.importorskip("streamlit", reason="streamlit is not installed: pip install 'gansmith[studio]'")

from gansmith.data.portraits import portraits
from gansmith.generators.file import SHIPPED
from gansmith.latent.predictor import Predictor
from gansmith.studio.faces.answering import answered

axes = pytest.mark.skipif(
    not (SHIPPED / "faces.directions.safetensors").is_file(), reason="no generator with axes comes with gansmith yet"
)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"name": "../faces"}, "no run is called ../faces here"),
        ({"name": "/etc/passwd"}, "no run is called"),
        ({"name": "faces", "seed": -1}, "seed = -1 must be"),
        ({"name": "faces", "seed": 10**30}, "must be a whole number from 0"),
        ({"name": "faces", "truncation": 7}, "truncation = 7 must be"),
        ({"name": "faces", "truncation": float("nan")}, "truncation = nan must be"),
        ({"name": "faces", "sliders": [1]}, "cannot be done"),
        ({"name": "faces", "sliders": {"Young": "x"}}, "cannot be done"),
        ({}, "no run is called None"),
    ],
)
def test_rubbish_is_told_in_one_line(said, told):
    error = answered(said)["error"]
    assert told in error and "\n" not in error


def test_without_axes_there_is_no_such_page(page, studio):
    if (SHIPPED / "faces.directions.safetensors").is_file():
        pytest.skip("the generator that comes with gansmith has axes")
    page.goto(studio)
    page.get_by_text("The page of faces opens once a generator has axes").wait_for(timeout=30_000)
    assert page.get_by_text("Move a face").count() == 0


@pytest.fixture
def faces(page, studio):
    page.goto(f"{studio}/faces")
    page.wait_for_selector(".fc[data-answers]", timeout=60_000)
    return page


@pytest.fixture(scope="module")
def smiles():
    """A predictor of smiles that the page does not know, learnt from portraits."""
    data = portraits(64, 1500, seed=3, names=["Smiling"])
    torch.manual_seed(0)
    network = Predictor((3, 64, 64), ["Smiling"], width=8)
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    for batch, _ in zip(data.batches(64, 0, 0, torch.device("cpu")), range(150), strict=False):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(network(batch.x), batch.attributes)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return network.eval()


def shown(page, which):
    raw = base64.b64decode(page.get_attribute(f".fc img.{which}", "src").partition(",")[2])
    pixels = torch.from_numpy(np.asarray(Image.open(io.BytesIO(raw)).convert("RGB")).copy())
    return pixels.permute(2, 0, 1).float() / 127.5 - 1


def bars(page):
    """Return the bars once the page waits for no answer any more."""
    for _ in range(600):
        if not page.locator(".fc").evaluate("fc => fc.faces.busy || fc.faces.due"):
            return {bar["name"]: bar for bar in json.loads(page.get_attribute(".fc", "data-bars"))}
        page.wait_for_timeout(50)
    raise AssertionError("no answer")


def slide(page, name, value):
    page.locator(f"[data-slider={name}]").fill(str(value))
    return bars(page)


@axes
def test_a_slider_moves_what_it_names_and_back(faces, smiles):
    assert torch.equal(shown(faces, "before"), shown(faces, "after"))
    rises = []
    for seed in (3, 7, 11):
        faces.locator("[data-is=seed]").fill(str(seed))
        bars(faces)
        low = slide(faces, "Smiling", 5), shown(faces, "after")
        high = slide(faces, "Smiling", 95), shown(faces, "after")
        assert low[0]["Smiling"]["after"] < high[0]["Smiling"]["after"]
        with torch.no_grad():
            rises.append(float((smiles(high[1].unsqueeze(0)) - smiles(low[1].unsqueeze(0))).sum()))
        slide(faces, "Smiling", 50)
        assert torch.equal(shown(faces, "before"), shown(faces, "after"))
    assert sum(rises) > 1.5 and min(rises) > -0.5, rises


@axes
def test_a_person_stays_the_same_by_seed_and_others_are_others(faces):
    first = shown(faces, "before")
    faces.click("[data-do=person]")
    faces.wait_for_selector(".fc:not([data-seed='7'])", timeout=30_000)
    assert not torch.equal(first, shown(faces, "before"))
    faces.locator("[data-is=seed]").fill("7")
    faces.wait_for_selector(".fc[data-seed='7']", timeout=30_000)
    assert torch.equal(first, shown(faces, "before"))
    slide(faces, "Young", 10)
    assert faces.get_attribute(".save", "download") == "faces-seed7-Young10.png"


@axes
def test_advanced_options_choose_sliders_and_what_is_held(faces):
    assert faces.is_hidden(".advanced")
    faces.check("[data-is=advanced]")
    faces.check("[data-is=feature][value=Eyeglasses]")
    assert slide(faces, "Eyeglasses", 100)["Eyeglasses"]["after"] > 0.5
    held = slide(faces, "Male", 95)
    faces.check("[name=hold][value=none]")
    free = bars(faces)
    others = [name for name in held if name not in ("Male", "Eyeglasses")]

    def moved(told):
        return sum(abs(told[name]["after"] - told[name]["before"]) for name in others)

    assert moved(free) != moved(held)
    faces.uncheck("[data-is=feature][value=Eyeglasses]")
    assert faces.locator("[data-slider=Eyeglasses]").count() == 0
