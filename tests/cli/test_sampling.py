"""`gansmith sample`: where samples go, what they are called, and what they are made from."""

import numpy as np
import pytest
import torch
from PIL import Image

import gansmith

TINY = ["--width", 4, "--batch", 12, "--steps", 2, "--evaluate-every", 0, "--image-size", 8, "--latent", 5]


@pytest.fixture
def digits(once, here):
    once("train", "cdcgan", "--out", "run", *TINY)
    return here / "run"


def test_names_keep_what_was_asked_for(command, digits):
    words = [
        [],
        ["--seed", 7],
        ["--seeds", "7-9"],
        ["--labels", "3"],
        ["--labels", "3,7"],
        ["--truncation", 0.5],
        ["--generator", "raw"],
        ["--count", 9],
        ["--labels", "3", "--seed", 7, "--truncation", 0.5],
        ["--labels", ",".join("0123456789" * 8)],
        ["--labels", ",".join("0123456789" * 8) + ",1"],
    ]
    names = [command("sample", "run", *one)[1].strip() for one in words]
    assert len(set(names)) == len(names) and all((digits.parent / name).is_file() for name in names)
    assert names[:4] == [f"run/samples-{n}.png" for n in ("seed-0", "seed-7", "seeds-7-9", "seed-0-labels-3")]
    assert names[8] == "run/samples-seed-7-truncation-0.5-labels-3.png" and max(map(len, names)) < 130


def test_labels_that_are_paths_stay_in_the_folder(here):
    from gansmith.cli.sample import Sample, default_place

    run = here / "run"
    one, other = (default_place(Sample(run, labels=label), run) for label in ("../../a b", "__a_b"))
    assert one.parent == other.parent == run and one != other and " " not in one.name


def test_one_picture_for_each_seed_called_by_it(command, digits):
    assert command("sample", "run", "--seeds", "1-3, 12", "--labels", "3", "--out", "each") == (0, "each\n", "")
    gan = gansmith.load(digits)
    each = digits.parent / "each"
    assert sorted(p.name for p in each.iterdir()) == [f"seed-{seed:04d}.png" for seed in (1, 2, 3, 12)]
    for seed in (1, 12):
        expected = np.round(gan.sample(1, seed, labels=3)[0, 0].numpy() * 127.5 + 127.5)
        assert np.abs(np.asarray(Image.open(each / f"seed-{seed:04d}.png")) - expected).max() <= 1
    code, out, err = command("sample", "run", "--seeds", "5", "--out", "each")
    assert (code, out) == (2, "") and "--out each already holds seed-0001.png, …: choose a new folder" in err
    assert len(list(each.iterdir())) == 4


def test_latents_of_one_s_own(command, digits):
    z = torch.randn(3, 5)
    torch.save(z, "z.pt")
    assert command("sample", "run", "--latents", "z.pt", "--labels", "1", "--out", "x.npz")[0] == 0
    assert np.array_equal(np.load("x.npz")["samples"], gansmith.load(digits).sample(latents=z, labels=1).numpy())
    assert command("sample", "run", "--latents", "z.pt")[1] == "run/samples-seed-0-latents-z.pt.png\n"


def test_what_a_folder_of_samples_is_good_for(command, digits, here):
    """It is data of the size that the generator makes, to be measured and trained on."""
    assert command("sample", "run", "--count", 300, "--out", "fakes")[0] == 0
    code, _, err = command("evaluate", "fakes", "--data", "digits", "--features", "random", "--samples", 300)
    assert code == 0 and "8x8" in gansmith.data.open_dataset(gansmith.data.Source("fakes")).description, err
    assert command("train", "dcgan", "--data", "fakes", "--out", "again", *TINY)[0] == 0
    assert gansmith.load(here / "again").shape == (1, 8, 8)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--seeds", "5-1"], "--seeds 5-1: write numbers and ranges with commas between them, 1-5,9"),
        (["--seeds", "a"], "--seeds a: write numbers"),
        (["--seeds", "1,,2"], "--seeds 1,,2: write numbers"),
        (["--seeds", "1,1", "--out", "each"], "seed 1 stands twice"),
        (["--seeds", "1-3", "--seed", 2], "--seed 2 --seeds 1-3: use one of them"),
        (["--seeds", "1-3", "--count", 4], "count = 4, and there are 3 seeds"),
        (["--latents", "nowhere.npy"], "latents nowhere.npy: there is no such file"),
        (["--latents", "run/config.json"], "latents run/config.json: a file must be .npy"),
        (["--latents", "run/generator.safetensors"], "latents run/generator.safetensors: which of "),
        (["--generator", "averaged"], "--generator averaged"),
    ],
)
def test_mistakes_are_one_line(mistake, digits, words, line):
    assert line in mistake("sample", "run", *words)


def test_a_file_alone_has_no_raw_generator(mistake, digits):
    line = mistake("sample", "run/generator.safetensors", "--generator", "raw")
    assert "run/generator.safetensors holds one generator, the averaged one: name its run folder" in line
    assert "averaged one" in mistake("evaluate", "run/generator.safetensors", "--generator", "raw")
