"""The same samples have the same figures, whichever way they come in; and files keep what was asked for."""

import gc
import json

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

import gansmith
from gansmith.data import Source, open_dataset
from gansmith.data.digits import digits
from gansmith.data.images import to_bytes, to_range
from gansmith.errors import GansmithError
from gansmith.generators.prior import Prior
from gansmith.generators.trained import TrainedGenerator
from gansmith.metrics.accumulators import Moments
from gansmith.metrics.evaluation import Evaluator
from gansmith.metrics.form import Form
from gansmith.records.journal import read_journal
from gansmith.runs.evaluate import evaluate_with
from gansmith.runs.nearest import Album

COUNT = 90
TINY = {"steps": 2, "batch": 8, "latent": 5, "width": 4, "evaluate_every": 2, "evaluate_samples": COUNT}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run on digits, which are 8x8, with a network of 16x16; and its samples in every form on disk."""
    folder = tmp_path_factory.mktemp("doors")
    gansmith.train(gansmith.recipe("dcgan", features="random", **TINY), folder / "run", quiet=True)
    gan = gansmith.load(folder / "run")
    x = gan.sample(COUNT)
    gan.write(folder / "pictures", COUNT)
    gan.write(folder / "ours.npz", COUNT)
    np.savez(folder / "bytes.npz", images=to_bytes(x).numpy()[:, 0])
    np.savez(folder / "channels-last.npz", images=to_bytes(x).numpy().transpose(0, 2, 3, 1))
    np.savez(folder / "zero-to-one.npz", images=to_bytes(x).numpy() / 255)
    return folder


@pytest.fixture
def few(monkeypatch):
    """Measure against fewer real samples: quicker, and to the same point."""
    monkeypatch.setattr("gansmith.metrics.evaluation.REFERENCE", 300)


DOORS = ["pictures", "ours.npz", "bytes.npz", "channels-last.npz", "zero-to-one.npz"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("features", ["random", "raw", "classifier"])
def test_two_doors_one_number(run, few, door, features):
    by_run = gansmith.evaluate(run / "run", features=features, samples=COUNT)
    by_door = gansmith.evaluate(run / door, data="digits", features=features, samples=COUNT)
    assert by_door.metrics == pytest.approx(by_run.metrics, rel=1e-7, abs=1e-9)
    assert by_door.real == pytest.approx(by_run.real, rel=1e-9)
    for fact in ("images", "size", "value range", "precision", "resize", "data", "reference"):
        assert by_door.about[fact] == by_run.about[fact], fact
    assert by_run.about["images"] == "1x16x16"


def test_the_journal_and_a_comparison_say_it_too(run):
    alone = gansmith.evaluate(run / "pictures", data="digits", features="random", samples=COUNT)
    journal = [entry for entry in read_journal(run / "run" / "journal.jsonl") if "fid" in entry][-1]
    assert journal["fid"] == pytest.approx(alone.metrics["fid"], rel=1e-6)
    both = gansmith.compare([run / "run", run / "run" / "generator.safetensors"], samples=COUNT)
    assert [r.metrics["fid"] for r in both.reports] == pytest.approx([alone.metrics["fid"]] * 2, rel=1e-6)


def test_samples_that_are_all_bright_are_not_taken_for_another_range(tmp_path):
    """Floats without a negative one could be of [0, 1]: the file says that they are not."""

    class Bright(nn.Module):
        def forward(self, z):
            return z.sigmoid().reshape(-1, 1, 8, 8)

    gan = TrainedGenerator(Bright(), (1, 8, 8), Prior(64))
    gan.write(tmp_path / "bright.npz", 40)
    with pytest.warns(UserWarning, match="rank-deficient"):
        found = gansmith.evaluate(tmp_path / "bright.npz", data="digits", features="raw").metrics
        expected = evaluate_with(Evaluator(digits(8), "raw"), gan, 40).metrics
    assert found["fid"] == pytest.approx(expected["fid"], rel=1e-7)
    np.savez(tmp_path / "other.npz", pictures=np.random.default_rng(0).random((40, 8, 8)), range=np.zeros(9))
    with pytest.raises(GansmithError, match="one of: pictures, range"):  # which is an array like any other
        gansmith.evaluate(tmp_path / "other.npz", data="digits")


def test_bytes_floats_and_half_precision_are_one_form():
    form, x = Form((1, 8, 8)), digits(8).samples[:50]
    for other in (to_range(x), to_range(x).double(), to_range(x).half(), to_range(x) + 0.003, to_range(x) * 1.001):
        assert torch.equal(form(other), form(x))
    assert torch.equal(form(form(x)), to_range(x)) and form(x).dtype == torch.float32
    assert not torch.equal(form(to_range(x) + 0.005), form(x))  # more than half a shade
    floats = torch.randn(4, 3, dtype=torch.double)
    assert torch.equal(Form((3,))(floats), floats.float())
    with pytest.raises(GansmithError, match="samples of 3x8x8 cannot be compared with 1x8x8"):
        form(torch.zeros(2, 3, 8, 8))
    with pytest.raises(GansmithError, match="NaN or infinite: the generator diverged"):
        form(torch.full((2, 1, 8, 8), torch.nan))


def test_a_float_is_rounded_as_the_reader_of_arrays_rounds_it(tmp_path):
    """Near the middle of two shades, float32 arithmetic would round a few the other way."""
    x = torch.from_numpy(np.linspace(-1, 1, 400_001, dtype=np.float32)[1:].reshape(-1, 1, 8, 8))
    np.savez(tmp_path / "x.npz", images=x.numpy())
    assert torch.equal(open_dataset(Source(str(tmp_path / "x.npz"))).samples, to_bytes(x))


def files(folder):
    names = (p.name for p in folder.iterdir())
    return {name for name in names if name.startswith(("metrics", "nearest"))}


def test_no_evaluation_replaces_another(run, few, monkeypatch):
    monkeypatch.setattr("gansmith.runs.evaluate.standard_samples", lambda dataset: 60)
    folder = run / "run"
    for path in files(folder):
        (folder / path).unlink()
    standard = gansmith.evaluate(folder)
    content = standard.path.read_bytes(), (folder / "nearest.png").read_bytes()
    assert standard.path == folder / "metrics.json" and files(folder) == {"metrics.json", "nearest.png"}
    asked = {
        "raw": {"features": "raw"},
        "samples-50": {"samples": 50},
        "seed-1": {"seed": 1},
        "generator-best": {"generator": "best"},
        "generator-raw": {"generator": "raw"},
        "raw-samples-50-seed-1": {"features": "raw", "samples": 50, "seed": 1},
        "data-pictures": {"data": str(run / "pictures")},
        "with-spread": {"metrics": [spread]},
    }
    for name, request in asked.items():
        path = gansmith.evaluate(folder, **request).path
        assert path.name == f"metrics-{name}.json" if name != "data-pictures" else path.name.endswith("-pictures.json")
        assert json.loads(path.read_text())["about"]["seed"] == request.get("seed", 0)
    assert len(files(folder)) == 2 + 2 * len(asked)
    assert (standard.path.read_bytes(), (folder / "nearest.png").read_bytes()) == content
    same = {"features": "random", "samples": 60, "seed": 0, "data": "digits", "generator": "last"}
    assert gansmith.evaluate(folder, **same).path.name == "metrics.json"  # the run's own, named
    gansmith.compare([folder, folder], samples=50, seed=3)
    assert len(files(folder)) == 2 + 2 * len(asked)  # it writes nothing
    assert gansmith.evaluate(gansmith.load(folder, generator="best")).path.name == "metrics-generator-best.json"


def spread(real, fake):
    return float(fake.std() / real.std())


class Counted(nn.Module):
    """A generator that counts the numbers alive, in samples of all sizes, whenever it is asked for more."""

    def __init__(self, shape):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(()))
        self.shape, self.most, self.made = shape, 0, 0

    def forward(self, z):
        alive = [t for t in gc.get_objects() if type(t) is torch.Tensor]
        self.most = max(self.most, sum(t.untyped_storage().nbytes() for t in alive if t.shape[1:] == self.shape))
        self.made += len(z)
        return (z[:, :1, None, None].tanh() + self.weight).expand(-1, *self.shape)


@pytest.mark.parametrize("door", ["evaluate", "journal"])
def test_samples_are_measured_in_constant_memory(door):
    shape, count = (1, 64, 64), 2000
    network = Counted(shape)
    gan = TrainedGenerator(network, shape, Prior(3))
    coarse = Evaluator(digits(64), features=lambda x: x[:, 0, ::16, ::16].flatten(1), reference=300)
    if door == "journal":
        latents = gan.latents(count)
        found = coarse.evaluate(gan.make(latents)).metrics
    else:
        found = evaluate_with(coarse, gan, count).metrics
    assert network.made == count and found["fid"] > 0
    pieces = network.most / (4 * 64 * 64 * 256)  # of 256 samples as floats
    assert 0 < pieces < 5, pieces  # of 8, and 16 where they were joined


def test_pictures_of_copies_need_no_floats_of_all_samples(tmp_path, monkeypatch):
    """The nearest pairs come from bytes that are kept in passing, and are those that were measured."""
    monkeypatch.setattr("gansmith.runs.nearest.COPIES", 30)
    monkeypatch.setattr("gansmith.metrics.evaluation.COPIES", 30)
    x = torch.rand(100, 1, 8, 8) * 2 - 1
    x[7] = to_range(digits(8).samples[3])
    album = Album((1, 8, 8), 100)
    found = Evaluator(digits(8), "raw").evaluate(album.watch(x.split(16)))
    assert album.images.shape == (30, 1, 8, 8) and torch.equal(album.images, to_bytes(x[:30]))
    album.draw(found.copies, digits(8), tmp_path / "x.png")
    sheet = Image.open(tmp_path / "x.png")
    columns, cell = 10, sheet.width // 10
    top, below = (np.asarray(sheet.crop((2, 2 + row * cell, cell, (row + 1) * cell))) for row in (0, 1))
    assert columns and np.array_equal(top, below)  # the copy stands first, over its original


@pytest.fixture
def statistics(tmp_path):
    """mu and sigma of real digits in random features, as other tools write them."""
    seen = Evaluator(digits(16), "random").real.features.double().numpy()
    np.savez(tmp_path / "stats.npz", mu=seen.mean(axis=0), sigma=np.cov(seen, rowvar=False))
    return tmp_path / "stats.npz"


@pytest.mark.parametrize("door", ["run", "pictures"])
def test_statistics_are_used_for_the_fid_that_their_samples_give(run, statistics, door):
    with pytest.warns(UserWarning, match="rank-deficient"):
        whole = gansmith.evaluate(run / door, data="digits", features="random", samples=COUNT)
        found = gansmith.evaluate(run / door, data=str(statistics), features="random", samples=COUNT)
    assert found.metrics["fid"] == pytest.approx(whole.metrics["fid"], rel=1e-6)
    assert set(found.metrics) == {"fid"} and "reference" not in found.about and found.real == {}
    assert found.about["data"] == "mu and sigma in stats.npz" and found.about["images"] == "1x16x16"


def test_statistics_have_a_limit_of_fid_where_there_are_enough_samples(tmp_path):
    mean, covariance = np.array([1.0, -1.0]), np.eye(2)
    np.savez(tmp_path / "s.npz", mu=mean, sigma=covariance)
    x = np.random.default_rng(0).normal(size=(400, 2)).astype(np.float32)
    np.savez(tmp_path / "x.npz", x=x)
    found = gansmith.evaluate(tmp_path / "x.npz", data=str(tmp_path / "s.npz"), features="raw")
    assert found.metrics["fid"] == pytest.approx(2, abs=0.3) and abs(found.metrics["fid_infinity"] - 2) < 0.4
    assert found.details["fid_bias"] < 0.1


@pytest.mark.parametrize(
    ("stored", "features", "line"),
    [
        ({}, None, r"stats.npz holds mu and sigma of 320 features, not samples: name the features .* inception"),
        ({}, "auto", "name the features"),
        ({}, "raw", r"of 320 features, and --features raw gives 256: name the features that they are of"),
        ({}, "classifier", "needs labelled data"),
        ({"sigma": np.ones((2, 2))}, "random", r"mu \(320,\) and sigma \(2, 2\) must be \(D,\) and \(D, D\)"),
        ({"sigma": np.triu(np.ones((320, 320)))}, "random", "sigma is not symmetric"),
        ({"mu": np.full(320, np.nan)}, "random", "mu or sigma hold NaN"),
    ],
)
def test_statistics_that_cannot_be_used_are_named(run, statistics, stored, features, line):
    with np.load(statistics) as file:
        content = dict(file) | stored
    np.savez(statistics, **content)
    with pytest.raises(GansmithError, match=line):
        gansmith.evaluate(run / "run", data=str(statistics), features=features, samples=COUNT)


def test_statistics_are_neither_samples_nor_to_be_compared_with(run, statistics):
    with pytest.raises(GansmithError, match=r"stats\.npz holds mu and sigma of 320 features, no samples"):
        gansmith.evaluate(statistics, data="digits")
    with pytest.raises(GansmithError, match="a comparison needs real samples"):
        gansmith.compare([run / "run", run / "run"], data=str(statistics))
    x = to_bytes(to_range(digits(16).samples[:60]))
    with np.load(statistics) as file:  # a file that holds the samples too is data
        np.savez(statistics, images=x.numpy(), **file)
    found = gansmith.evaluate(run / "run", data=str(statistics), features="random", samples=COUNT)
    assert found.about["reference"] == 60


def test_known_moments_are_what_they_were_given_as():
    x = torch.randn(50, 4, dtype=torch.double)
    seen = Moments().update(x)
    known = Moments.known(seen.mean, seen.covariance)
    torch.testing.assert_close(known.covariance, seen.covariance, rtol=1e-14, atol=0)
