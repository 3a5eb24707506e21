"""The page of the latent space: what truncation and mixed attributes do to the pictures that it gives."""

import io
from urllib.parse import urljoin

import numpy as np
import pytest
import torch
from PIL import Image

pytest.importorskip("streamlit", reason="streamlit is not installed: pip install 'gansmith[studio]'")

from gansmith.generators.file import SHIPPED, shipped
from gansmith.runs.loading import load

faces = pytest.mark.skipif(shipped("faces") is None, reason="no generator comes with gansmith yet")
axes = pytest.mark.skipif(
    not (SHIPPED / "faces.directions.safetensors").is_file(), reason="no generator with axes comes with gansmith yet"
)
ALERTS = "[data-testid=stException], [data-testid=stAlert]"


@pytest.fixture
def latent(page, studio):
    page.goto(f"{studio}/latent")
    page.get_by_text("Along an arc of the noise").wait_for(timeout=120_000)
    page.get_by_text("Download as GIF").wait_for(timeout=120_000)
    return page


def strip(page, rows, columns):
    """Return the pictures (N, 3, 64, 64) in [−1, 1] of the strip that is shown."""
    for _ in range(120):
        source = page.locator("[data-testid=stImage] img").first.get_attribute("src")
        answer = page.request.get(urljoin(page.url, source))
        if answer.ok:
            break
        page.wait_for_timeout(500)  # another one takes its place at this moment
    pixels = np.asarray(Image.open(io.BytesIO(answer.body())).convert("RGB"))
    high, wide = (pixels.shape[0] - 2) // rows, (pixels.shape[1] - 2) // columns
    corners = [(2 + i * high, 2 + j * wide) for i in range(rows) for j in range(columns)]
    tiles = [pixels[top : top + high - 2, left : left + wide - 2] for top, left in corners]
    small = [np.asarray(Image.fromarray(tile).resize((64, 64), Image.Resampling.BOX)) for tile in tiles]
    return torch.from_numpy(np.stack(small)).permute(0, 3, 1, 2).float() / 127.5 - 1


@faces
def test_the_page_of_the_latent_space_walks(latent):
    latent.locator("[data-testid=stImage] img").first.wait_for(timeout=60_000)
    latent.get_by_text("Download as GIF").wait_for(timeout=60_000)
    with latent.expect_download(timeout=60_000) as download:
        latent.get_by_text("Download as PNG").click()
    assert Image.open(download.value.path()).size[0] > 9 * 90
    latent.get_by_text("A walk without an end").click()
    latent.get_by_text("Every frame is a draw from the prior").wait_for(timeout=120_000)
    assert latent.locator(ALERTS).count() == 0


@faces
def test_truncation_brings_the_ends_of_a_way_nearer_to_each_other(latent, expect):
    def apart():
        found = strip(latent, 1, 9)
        return float((found[0] - found[-1]).abs().mean())

    before = apart()
    slider = latent.get_by_role("slider")
    slider.focus()
    latent.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "0.30")
    for _ in range(120):  # until the page has drawn the strip anew
        near = apart()
        if near != before:
            break
        latent.wait_for_timeout(500)
    assert near < 0.7 * before
    assert latent.locator(ALERTS).count() == 0


@axes
def test_an_attribute_that_is_given_rises_in_the_pictures(latent, expect):
    latent.get_by_text("Attributes mixed").click()
    latent.get_by_text("Above as drawn").wait_for(timeout=120_000)
    expect(latent.get_by_text("Along an arc of the noise")).to_have_count(0)
    reader = load("faces").directions.predictor
    at = reader.names.index("Gray_Hair")

    def rises():
        told = reader.logits(strip(latent, 2, 6)).sigmoid()[:, at]
        return float((told[6:] - told[:6]).mean())

    assert abs(rises()) < 0.05
    latent.get_by_role("combobox").first.click()
    latent.keyboard.type("Gray")
    latent.get_by_role("option", name="Gray_Hair").click()
    for _ in range(120):
        if (risen := rises()) > 0.4:
            break
        latent.wait_for_timeout(500)
    assert risen > 0.4, risen
    assert latent.locator(ALERTS).count() == 0
