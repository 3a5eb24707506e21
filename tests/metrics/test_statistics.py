"""Mean and covariance in a file stand for the samples that they are of."""

import math

import numpy as np
import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.metrics.accumulators import Moments
from gansmith.metrics.frechet import fid_infinity, frechet_distance
from gansmith.metrics.statistics import StatisticsEvaluator, read_statistics

RNG = torch.Generator().manual_seed(0)
REAL = torch.randn(300, 4, generator=RNG) @ torch.randn(4, 4, generator=RNG) + 1
FAKE = torch.randn(400, 4, generator=RNG)


@pytest.fixture
def file(tmp_path):
    """Writes arrays by name, and returns where."""

    def write(name="real.npz", **arrays):
        np.savez(tmp_path / name, **arrays)
        return str(tmp_path / name)

    return write


def of(x, **more):
    return {"mu": x.double().mean(dim=0).numpy(), "sigma": torch.cov(x.double().T).numpy(), **more}


def test_they_measure_as_the_samples_do(file):
    known = read_statistics(file(**of(REAL)))
    found = StatisticsEvaluator(known, "raw", (4,)).evaluate(FAKE.split(90), ["some", "labels"])
    real = Moments().update(REAL)
    assert found.metrics["fid"] == pytest.approx(frechet_distance(real, Moments().update(FAKE)), rel=1e-9)
    limit = fid_infinity(real, FAKE)
    assert found.metrics["fid_infinity"] == pytest.approx(limit.limit, rel=1e-9)
    assert found.details == {"samples": 400, "fid_bias": pytest.approx(limit.bias, rel=1e-9)}
    assert set(found.metrics) == {"fid", "fid_infinity"} and found.copies is None


def test_of_few_samples_there_is_no_limit(file):
    known = read_statistics(file(**of(REAL)))
    few = StatisticsEvaluator(known, "raw", (4,)).evaluate([FAKE[:15]])
    assert set(few.metrics) == {"fid"} and few.details == {"samples": 15}


def test_what_figures_depend_on_is_told(file):
    evaluator = StatisticsEvaluator(read_statistics(file(**of(REAL))), "raw", (4,))
    assert evaluator.dimensions == 4
    about = evaluator.about()
    assert about["data"] == "mu and sigma in real.npz" and about["dimensions"] == 4 and about["features"] == "raw"
    assert about["vectors"] == 4
    pictures = StatisticsEvaluator(evaluator.statistics, lambda x: x.mean(dim=3).flatten(1), (1, 4, 4))
    assert pictures.about()["images"] == "1x4x4"
    assert pictures.evaluate([torch.rand(30, 1, 4, 4)]).details["samples"] == 30


def test_a_variance_alone_is_a_covariance_too(file):
    """One feature: (1,) and (1, 1)."""
    one = read_statistics(file(mu=np.array([2.0]), sigma=np.array([[9.0]])))
    x = torch.tensor([[1.0], [3.0]])  # mean 2, variance 2
    expected = (3 - math.sqrt(2)) ** 2
    assert StatisticsEvaluator(one, "raw", (1,)).evaluate([x]).metrics["fid"] == pytest.approx(expected)


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": np.zeros((5, 4))},
        {"mu": np.zeros(4)},
        {"sigma": np.eye(4)},
        of(REAL, images=np.zeros((5, 1, 8, 8))),  # a file that holds samples too is data
        {"mu": np.array(["a"]), "sigma": np.array([["b"]])},
    ],
)
def test_other_files_are_other_data(file, arrays):
    assert read_statistics(file(**arrays)) is None


def test_what_stands_beside_them_does_no_harm(file):
    """A seed, a count, a table of names, one picture to show."""
    known = read_statistics(file(**of(REAL, n=np.array(300), names=np.zeros((9, 2)), shown=np.zeros((1, 8, 8, 3)))))
    assert known.name == "real.npz" and known.moments.mean.shape == (4,)


def test_other_places_are_other_data(tmp_path, file):
    path = file(**of(REAL))
    assert read_statistics("digits") is None and read_statistics(str(tmp_path / "missing.npz")) is None
    (tmp_path / "folder.npz").mkdir()
    assert read_statistics(str(tmp_path / "folder.npz")) is None
    (tmp_path / "broken.npz").write_bytes(b"PK junk")
    assert read_statistics(str(tmp_path / "broken.npz")) is None
    other = tmp_path / "real.zip"
    other.write_bytes(open(path, "rb").read())  # noqa: SIM115
    assert read_statistics(str(other)) is None


SKEW = np.eye(4) + 1e-3 * np.eye(4, k=1)


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ({"mu": np.zeros((2, 2)), "sigma": np.eye(4)}, r"mu \(2, 2\) and sigma \(4, 4\) must be \(D,\) and \(D, D\)"),
        ({"mu": np.zeros(4), "sigma": np.eye(3)}, r"mu \(4,\) and sigma \(3, 3\) must be"),
        ({"mu": np.zeros(4), "sigma": np.ones(16)}, r"sigma \(16,\) must be"),
        ({"mu": np.array([0.0, math.nan]), "sigma": np.eye(2)}, "hold NaN or infinite numbers"),
        ({"mu": np.zeros(2), "sigma": np.diag([1.0, math.inf])}, "hold NaN or infinite numbers"),
        ({"mu": np.zeros(4), "sigma": SKEW}, "sigma is not symmetric"),
    ],
)
def test_what_is_no_mean_and_covariance_is_named(file, arrays, told):
    with pytest.raises(GansmithError, match=told):
        read_statistics(file(**arrays))


def test_rounding_is_no_asymmetry(file):
    """Of float32 beside entries of any size."""
    for unit in (1e-4, 1.0, 1e4):
        sigma = unit * (np.eye(4) + 1e-7 * np.eye(4, k=1))
        assert read_statistics(file(mu=np.zeros(4), sigma=sigma)) is not None
        with pytest.raises(GansmithError, match="not symmetric"):
            read_statistics(file(mu=np.zeros(4), sigma=unit * SKEW))


def test_features_are_to_be_named_and_to_be_as_many(file):
    known = read_statistics(file(**of(REAL)))
    for features in (None, "auto"):
        with pytest.raises(
            GansmithError, match=r"real.npz holds mu and sigma of 4 features, not samples: name the fea"
        ):
            StatisticsEvaluator(known, features, (4,))
    with pytest.raises(GansmithError, match="of 4 features, and --features raw gives 3"):
        StatisticsEvaluator(known, "raw", (3,)).evaluate([FAKE[:, :3]])
