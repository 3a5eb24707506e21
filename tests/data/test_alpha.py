"""Pictures with an alpha channel: what lies behind is said and chosen, and does not decide what is white."""

import warnings

import numpy as np
import pytest
from PIL import Image

RAMP = (np.arange(64, dtype=np.uint8) * 4).reshape(8, 8)  # 0 to 252


@pytest.fixture
def half_transparent():
    alpha = np.zeros((8, 8), np.uint8)
    alpha[:4] = 255
    return np.dstack([RAMP, 255 - RAMP, RAMP // 2, alpha])


def test_what_lies_behind_alpha_is_said_and_chosen(opened, array, half_transparent):
    told = "1 of 1 pictures looked at have an alpha channel: laid on white (--background, a colour or keep)"
    for dataset in (opened, lambda picture, **said: array(np.stack([picture]), **said)):
        white = dataset(half_transparent)
        assert (white.samples[0, :, 4:] == 255).all() and white.notes == [told]
        blue = dataset(half_transparent, background="#0000ff")
        assert blue.samples[0, :, 7, 7].tolist() == [0, 0, 255] and "laid on #0000ff" in blue.notes[0]
        kept = dataset(half_transparent, background="keep")
        assert np.array_equal(kept.samples[0].numpy(), half_transparent.transpose(2, 0, 1))
        assert "it is kept" in kept.notes[0] and kept.description.endswith("8x8, colour with alpha")


@pytest.mark.parametrize(
    ("low", "high", "clear", "dtype"),
    [(0, 1, 255, np.uint8), (-1, 1, 1, np.float32), (0, 1, 1, np.uint8), (0, 4095, 65535, np.uint16)],
)
def test_alpha_in_arrays_has_ends_of_its_own(array, low, high, clear, dtype):
    """Before, its numbers decided what is white, and the colours' what is transparent."""
    colours = np.where(np.arange(64).reshape(1, 8, 8, 1).repeat(3, axis=3) % 2, high, low)
    alpha = np.where(np.arange(8)[None, :, None, None] < 4, clear, 0).repeat(8, axis=2)
    made = array(np.concatenate([colours, alpha], axis=3).astype(dtype), background="keep").samples[0].numpy()
    assert np.array_equal(made[:3], 255 * (colours[0] == high).transpose(2, 0, 1))
    assert (made[3, :4] == 255).all() and (made[3, 4:] == 0).all()


@pytest.mark.parametrize("background", ["white", "keep"])
def test_black_and_white_are_those_of_the_pixels_that_are_seen(opened, half_transparent, background):
    """Before, --values was passed over where alpha was kept, and the background decided what is white."""
    mask = half_transparent.copy()
    mask[..., :3] = half_transparent[..., :3] > 100
    mask[5:, :, :3] = 255
    seen = 255 * (half_transparent[:4, :, :3] > 100).transpose(2, 0, 1)
    for said in ({}, {"values": (0.0, 1.0)}):
        made = opened(mask, background=background, **said).samples[0].numpy()
        assert np.array_equal(made[:3, :4], seen)
        assert (made[3] == mask[..., 3]).all() if background == "keep" else (made[:, 4:] == 255).all()


def test_gray_pictures_stay_gray_on_gray_alone(opened):
    alpha = np.where(np.arange(8) < 4, 255, 0).astype(np.uint8)[:, None].repeat(8, axis=1)
    picture = Image.merge("LA", [Image.fromarray(RAMP), Image.fromarray(alpha)])
    assert opened(picture, background="black").samples.shape == (1, 1, 8, 8)
    coloured = opened(picture, background="red")
    assert coloured.samples[0, :, 7, 7].tolist() == [255, 0, 0] and coloured.samples[0, :, 0, 5].tolist() == [20] * 3


def test_padding_is_of_the_background(opened):
    wide = np.tile(RAMP, (1, 4))
    assert (opened(wide, fit="pad", background="black").samples[0, 0, :12] == 0).all()
    dataset = opened(np.dstack([wide] * 3 + [np.full_like(wide, 255)]), fit="pad", background="keep")
    assert dataset.shape == (4, 32, 32) and (dataset.samples[0, :, :12] == 0).all()


def test_a_run_of_four_channels_draws_its_pictures(half_transparent, tmp_path):
    import gansmith

    tiny = {"batch": 4, "width": 4, "latent": 5, "steps": 2, "evaluate_every": 0, "quiet": True, "device": "cpu"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gan = gansmith.train(
            "dcgan", data=np.stack([half_transparent] * 8), background="keep", out=tmp_path / "run", **tiny
        )
    assert gan.sample(2).shape == (2, 4, 16, 16)
    assert Image.open(next((tmp_path / "run" / "samples").glob("*.png"))).mode == "RGB"
