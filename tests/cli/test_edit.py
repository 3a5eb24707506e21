"""`gansmith edit` and `gansmith walk`: from files to files, and every mistake one line."""

import functools

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from safetensors.torch import load_file

from gansmith.latent.inversion import encoder as encoding
from gansmith.runs import editing

TINY = ["--network", "style", "--width", 4, "--batch", 8, "--steps", 2, "--evaluate-every", 0, "--latent", 8]


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("GANSMITH_CACHE", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setattr(editing, "encoder_of", functools.partial(encoding.encoder_of, shown=64, width=4))


@pytest.fixture
def run(once, here):
    """A run of two steps, a layer of strokes, and a photograph."""
    pixels = np.random.default_rng(0).integers(0, 256, (40, 16, 16, 3), dtype=np.uint8)
    np.savez("d.npz", images=pixels)
    once("train", "nsgan", "--data", "d.npz", "--image-size", 16, "--out", "run", *TINY)
    layer = Image.new("RGBA", (128, 128))
    ImageDraw.Draw(layer).rectangle((0, 0, 127, 50), fill=(200, 30, 30))
    layer.save("strokes.png")
    layer.resize((24, 20)).save("odd.png")
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (20, 24, 3), dtype=np.uint8)).save("mine.png")
    return here / "run"


def point(command, *words):
    code, out, err = command("edit", "run", *words)
    assert code == 0, err
    return load_file("edited.safetensors")["points"], out


def test_strokes_make_a_picture_a_sheet_and_a_point(command, run):
    code, out, err = command("edit", "run", "--seed", 3, "--strokes", "strokes.png", "--path", "way.gif")
    assert code == 0, err
    assert "error fallen by: strokes" in out and "elsewhere it moved" in out
    assert out.splitlines()[-4:] == ["edited.png", "edited-sheet.png", "edited.safetensors", "way.gif"]
    assert Image.open("edited.png").size == (16, 16) and Image.open("edited-sheet.png").size == (3 * 194 + 2, 196)
    assert Image.open("way.gif").n_frames > 20
    before, after = (load_file("edited.safetensors")[name] for name in ("before", "points"))
    assert not torch.equal(before, after)
    code, out, _ = command("edit", "run/generator.safetensors", "--strokes", "strokes.png", "--path", "way.png")
    assert code == 0 and "comes without a discriminator: realism is the prior's alone" in out


def test_every_flag_does_something(command, run):
    plain, out = point(command, "--strokes", "strokes.png")
    assert "discriminator" not in out  # the run has one
    for flag in (
        ["--seed", 1],
        ["--edges", "strokes.png"],
        ["--keep", "strokes.png"],
        ["--drag", "3,3:6,6"],
        ["--strength", 9],
        ["--steps", 3],
        ["--starts", 1],
        ["--truncation", 0.5],
        ["--from", "mine.png"],
        ["--generator", "raw"],
    ):
        now, out = point(command, "--strokes", "strokes.png", *flag)
        assert not torch.equal(now, plain), flag
        assert ("pixels left to the targets" in out) == (flag[0] == "--drag")
    went, _ = point(command, "--points", "edited.safetensors", "--drag", "3,3:6,6")
    assert not torch.equal(went, now)


def test_a_photograph_gets_the_edit_back(command, run):
    code, out, err = command("edit", "run", "--from", "mine.png", "--strokes", "odd.png", "--carry", "back.png")
    assert code == 0 and "the nearest sample is" in err and "24x20 is not square" in err
    back = Image.open("back.png")
    assert back.size == (20, 20) and out.splitlines()[-1] == "back.png"


def test_a_canvas_is_the_sample_enlarged(command, run):
    assert command("edit", "run", "--seed", 3, "--canvas", "canvas.png")[:2] == (0, "canvas.png\n")
    large = np.asarray(Image.open("canvas.png"))
    assert large.shape == (128, 128, 3)
    assert command("edit", "run", "--seed", 3, "--strokes", "strokes.png", "--steps", 0)[0] == 0
    assert np.abs(np.asarray(Image.open("edited.png")).astype(int) - large[::8, ::8]).max() <= 1


def test_walks_are_animations_of_as_many_frames(command, run):
    for flags, frames in (
        (["--frames", 10], 10),
        (["--seeds", "1,4", "--frames", 5], 10),
        (["--seeds", "1,4", "--frames", 5, "--no-closed"], 6),
        (["--frames", 8, "--truncation", 0.5], 8),
    ):
        code, out, err = command("walk", "run", "--out", "w.webp", *flags)
        assert (code, out) == (0, "w.webp\n"), err
        assert Image.open("w.webp").n_frames == frames, flags
    point(command, "--strokes", "strokes.png", "--steps", 1)
    found = load_file("edited.safetensors")
    from safetensors.torch import save_file

    save_file({"points": torch.cat([found["before"], found["points"]])}, "both.safetensors")
    assert command("walk", "run", "--points", "both.safetensors", "--frames", 3)[:2] == (0, "walk.gif\n")
    assert Image.open("walk.gif").n_frames == 6


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["edit", "run"], "nothing is asked for"),
        (["edit", "run", "--strokes", "odd.png"], "odd.png is 24x20: paint over the picture itself, 16x16"),
        (["edit", "run", "--strokes", "mine.png"], "is 24x20"),
        (["edit", "run", "--drag", "3:4"], "write X,Y:X,Y"),
        (["edit", "run", "--drag", "3,3:40,4"], "within the picture of 16x16"),
        (["edit", "run", "--strokes", "strokes.png", "--carry", "x.png"], "there is no photograph"),
        (["edit", "run", "--strokes", "strokes.png", "--path", "x.mp4"], "--path x.mp4: use FILE.png or FILE.gif"),
        (["edit", "run", "--strokes", "strokes.png", "--points", "strokes.png"], "holds no points"),
        (["edit", "run", "--strokes", "strokes.png", "--starts", "0"], "starts = 0 must be at least 1"),
        (["walk", "run", "--out", "x.mp4"], "use FILE.gif"),
        (["walk", "run", "--seeds", "1"], "two stops are the least"),
        (["walk", "run", "--seeds", "1,2", "--points", "x"], "use one of them"),
        (["walk", "run", "--coordinates", "z"], "learn them first"),
        (["walk", "run", "--coordinates", "v"], "unknown coordinates 'v'"),
        (["walk", "run", "--points", "run/generator.safetensors"], "holds no points"),
    ],
)
def test_mistakes_are_one_line(command, run, mistake, arguments, told):
    assert told in mistake(*arguments)
