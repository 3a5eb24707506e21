"""`gansmith invert`: pictures become points, and what cannot be done is one line."""

import functools

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

import gansmith
from gansmith.latent.inversion import encoder as encoding
from gansmith.runs import inverting

TINY = ["--network", "style", "--width", 4, "--batch", 8, "--steps", 2, "--evaluate-every", 0, "--latent", 8]


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("GANSMITH_CACHE", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setattr(inverting, "encoder_of", functools.partial(encoding.encoder_of, shown=64, width=4))


@pytest.fixture
def run(once, here):
    """A run of two steps on tiny labelled pictures, two classes of them."""
    pixels = np.random.default_rng(0).integers(0, 256, (40, 16, 16), dtype=np.uint8)
    np.savez("d.npz", images=pixels, labels=np.array(["light", "dark"]).repeat(20))
    once("train", "nsgan", "--data", "d.npz", "--image-size", 16, "--out", "run", *TINY)
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (30, 20, 3), dtype=np.uint8)).save("mine.jpg")
    return here / "run"


def numbers(command, *words):
    code, _, err = command("invert", "run", "mine.jpg", "--steps", 3, *words)
    assert code == 0, err
    return load_file("inverted.safetensors")


def test_it_prints_how_near_and_leaves_pictures_and_points(command, run):
    code, out, err = command("invert", "run", "mine.jpg", "mine.jpg", "--steps", 5)
    assert code == 0 and out.splitlines()[-2:] == ["inverted.png", "inverted.safetensors"]
    for word in ("mine.jpg", "PSNR", "SSIM", "rarer than", "s a picture"):
        assert word in out
    for word in ("not square: its centre is kept", "resized to 16x16", "colour becomes gray", "learning to read"):
        assert word in err
    found = load_file("inverted.safetensors")
    assert found["z"].shape == (2, 8) and found["samples"].shape == (2, 1, 16, 16) and found["psnr"].shape == (2,)
    assert Image.open("inverted.png").size == (3 * 130 + 2, 2 * 130 + 2)
    space = gansmith.latent.Space(gansmith.load("run"))
    torch.testing.assert_close(space.images(found["points"]), found["samples"], atol=1e-4, rtol=1e-4)
    assert command("sample", "run", "--latents", "inverted.safetensors", "--out", "x.png")[0] == 0


def test_every_flag_does_something(command, run):
    before = numbers(command)["points"]
    flags = [
        ["--near", "pixels"],
        ["--near", "discriminator"],
        ["--near", "classifier,pixels"],
        ["--start", "samples"],
        ["--restarts", 3],
        ["--steps", 4],
        ["--prior", 0.5],
        ["--space", "z"],
        ["--generator", "raw"],
    ]
    for flag in flags:
        now = numbers(command, *flag)["points"]
        assert now.shape != before.shape or not torch.equal(now, before) or flag == ["--restarts", 3], flag
    assert not torch.equal(
        numbers(command, "--start", "samples")["points"], numbers(command, "--start", "samples", "--seed", 1)["points"]
    )
    assert torch.equal(numbers(command)["points"], before)


def test_tuning_says_that_it_is_another_generator(command, run):
    code, out, err = command("invert", "run", "mine.jpg", "--steps", 2, "--tune", 2)
    assert code == 0 and "tuned the generator around 1 pictures: it is another one now" in err
    assert "tuned generator" in out and Image.open("inverted.png").size[0] == 4 * 130 + 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run"], "which pictures?"),
        (["run", "none.png"], "none.png: there is no such file"),
        (["run", "d.npz"], "d.npz is no picture that is known"),
        (["run", "mine.jpg", "--out", "x.jpg"], "--out x.jpg: use FILE.png"),
        (["run", "mine.jpg", "--near", "pixel"], "did you mean 'pixels'"),
        (["run/generator.safetensors", "mine.jpg", "--near", "discriminator"], "is a generator alone"),
        (["run", "mine.jpg", "--restarts", "0"], "restarts"),
    ],
)
def test_mistakes_are_one_line(command, run, mistake, arguments, told):
    assert told in mistake("invert", *arguments)
