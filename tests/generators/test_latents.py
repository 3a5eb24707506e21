"""Samples of given seeds and of noise of one's own."""

from fractions import Fraction

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from gansmith.errors import GansmithError
from gansmith.generators.latents import Latents, read_latents
from gansmith.generators.trained import PIECE


def test_one_sample_for_each_seed_is_the_first_of_that_seed(untrained, kind):
    gan, _ = untrained(kind)
    seeds = [5, 3, 70_000, 5]
    samples = gan.sample(seed=seeds)
    for sample, seed in zip(samples, seeds, strict=True):
        torch.testing.assert_close(sample, gan.sample(2, seed)[0])
    assert torch.equal(samples[0], samples[3]) and not torch.allclose(samples[0], samples[1])
    for same in (tuple(seeds), np.array(seeds), torch.tensor(seeds)):
        assert torch.equal(gan.sample(4, same), samples)
    assert len(gan.sample(seed=range(PIECE + 3))) == PIECE + 3


def test_seeds_and_labels_go_in_step(untrained):
    gan, _ = untrained("labels")
    samples = gan.sample(seed=[8, 9, 8], labels=["ant", "fox"])
    torch.testing.assert_close(samples[0], gan.sample(1, 8, labels="ant")[0])
    torch.testing.assert_close(samples[1], gan.sample(1, 9, labels="fox")[0])
    torch.testing.assert_close(samples[2], samples[0])


def test_latents_of_one_s_own_are_what_samples_are_made_from(untrained, kind):
    gan, _ = untrained(kind)
    drawn = gan.latents(PIECE + 5, seed=4)
    expected = gan.sample(PIECE + 5, seed=4)
    for z in (drawn, drawn.z, drawn.z.numpy(), drawn.z.double()):
        assert torch.equal(gan.sample(latents=z, seed=4), expected)
    assert torch.equal(torch.cat(list(gan.stream(latents=drawn))), expected)
    if drawn.c is not None:
        other = gan.sample(latents=drawn.z, seed=5)
        assert not torch.allclose(other, expected)  # conditions that are not given are drawn from the seed
    assert not torch.allclose(gan.sample(latents=drawn.z + 1, seed=4), expected)


def test_conditions_go_with_latents_of_one_s_own(untrained):
    gan, _ = untrained("labels")
    z = gan.latents(6, seed=1).z
    assert torch.equal(gan.sample(latents=z, labels=[0, 2]), gan.sample(6, seed=1, labels=[0, 2]))


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ({"latents": torch.zeros(4)}, r"latents: shape \(4,\) is not \(N, 5\), which this generator takes"),
        ({"latents": torch.zeros(4, 6)}, r"latents: shape \(4, 6\) is not \(N, 5\)"),
        ({"latents": torch.zeros(0, 5)}, r"latents: shape \(0, 5\)"),
        ({"latents": torch.zeros(4, 5, 1, 1)}, r"latents: shape \(4, 5, 1, 1\)"),
        ({"latents": torch.full((2, 5), torch.nan)}, "latents: some values are NaN or infinite"),
        ({"latents": "noise"}, r"latents = str: give a tensor or an array \(N, 5\)"),
        ({"latents": np.array([["a"] * 5])}, "latents = ndarray: give a tensor"),
        ({"latents": Latents(torch.zeros(2, 5), torch.zeros(2, 4))}, r"conditions of shape \(2, 4\) are not \(2, 3\)"),
        ({"latents": Latents(torch.zeros(2, 5), torch.zeros(2, 3)), "labels": 1}, "hold conditions already"),
        ({"latents": torch.zeros(2, 5), "count": 3}, "count = 3, and there are 2 latents: leave the count out"),
        ({"latents": torch.zeros(2, 5), "truncation": 0.5}, "truncation = 0.5 is of drawn noise"),
        ({"latents": torch.zeros(2, 5), "seed": [1, 2, 3]}, "count = 2, and there are 3 seeds"),
        ({"seed": [1, 2], "count": 3}, "count = 3, and there are 2 seeds"),
        ({"seed": 1.5, "count": 3}, "seed = 1.5 must be a whole number, or one for each sample"),
        ({"seed": "12", "count": 3}, "seed = 12 must be a whole number"),
        ({"seed": [1, 2.5]}, r"seed = \[1, 2.5\] must be a whole number"),
        ({"seed": []}, "count = 0 must be at least 1"),
        ({}, "count = None must be at least 1"),
    ],
)
@pytest.mark.parametrize("door", ["sample", "stream", "write"])
def test_what_does_not_fit_is_one_line(untrained, wanted, line, door, tmp_path):
    gan, _ = untrained("labels")
    where = [tmp_path / "x.png"] if door == "write" else []
    with pytest.raises(GansmithError, match=line) as caught:
        getattr(gan, door)(*where, **wanted)
    assert "\n" not in str(caught.value) and not any(tmp_path.iterdir())


def test_latents_in_files(tmp_path):
    z = torch.randn(3, 5)
    np.save(tmp_path / "a.npy", z.numpy())
    np.savez(tmp_path / "b.npz", anything=z.numpy())
    np.savez(tmp_path / "c.npz", w=np.zeros(2), z=z.numpy())
    save_file({"latents": z, "w": torch.zeros(2)}, tmp_path / "d.safetensors")
    torch.save(z, tmp_path / "e.pt")
    torch.save({"z": z, "w": torch.zeros(2)}, tmp_path / "f.pt")
    paths = sorted(tmp_path.iterdir())
    assert len(paths) == 6 and all(torch.equal(read_latents(path), z) for path in paths)


def test_files_that_hold_no_latents_are_one_line(tmp_path):
    np.savez(tmp_path / "two.npz", a=np.zeros(2), b=np.zeros(2))
    np.save(tmp_path / "objects.npy", np.array([{}], dtype=object), allow_pickle=True)
    torch.save({"z": Fraction(1, 3)}, tmp_path / "code.pt")
    for name in ("junk.npy", "junk.npz", "junk.pt", "junk.safetensors", "z.txt"):
        (tmp_path / name).write_bytes(b"junk")
    lines = {"two.npz": r"which of a, b\? Call the one z", "objects.npy": "cannot be read", "code.pt": "cannot be read"}
    lines |= {"z.txt": "a file must be .npy", "nowhere.npy": "there is no such file"}
    for name in ("junk.npy", "junk.npz", "junk.pt", "junk.safetensors", *lines):
        with pytest.raises(GansmithError, match=lines.get(name, "cannot be read")) as caught:
            read_latents(tmp_path / name)
        assert "\n" not in str(caught.value) and str(tmp_path / name) in str(caught.value)
