"""Standardised vectors: networks see units of the spread, and everybody else the data's own."""

import json

import numpy as np
import pytest
import torch

import gansmith
from gansmith.cli.main import main
from gansmith.data import Source
from gansmith.data.memory import from_memory
from gansmith.data.scale import Scale, scale_from, scale_of, scale_to
from gansmith.errors import GansmithError
from gansmith.training.assemble import assemble

SPREADS = torch.tensor([1e5, 1.0, 1e-3])
MEANS = torch.tensor([-3e5, 0.0, 2.0])
SETTINGS = {"vectors": "mlp", "hidden": 16, "steps": 20, "quiet": True, "evaluate_every": 0, "seed": 3}


def table(count=400):
    x = torch.randn(count, 3, generator=torch.Generator().manual_seed(0))
    return x * SPREADS + MEANS


def test_mean_and_deviation_are_those_of_the_columns():
    x = table()
    scale = scale_of(from_memory(x, None, Source()), Source(standardize=True))
    torch.testing.assert_close(torch.tensor(scale.mean), x.double().mean(dim=0).float())
    torch.testing.assert_close(torch.tensor(scale.deviation), x.double().std(dim=0, correction=0).float())
    seen = scale.standardized(x).double()
    torch.testing.assert_close(seen.mean(dim=0), torch.zeros(3).double(), atol=1e-3, rtol=0)
    torch.testing.assert_close(seen.std(dim=0, correction=0), torch.ones(3).double(), atol=1e-3, rtol=0)
    torch.testing.assert_close(scale.restored(scale.standardized(x)), x)


def test_a_column_that_is_constant_is_shifted_alone():
    x = torch.tensor([[7.0, 0.0], [7.0, 2.0]])
    scale = scale_of(from_memory(x, None, Source()), Source(standardize=True))
    assert scale == Scale((7.0, 1.0), (1.0, 1.0)) and scale_from(json.loads(json.dumps(scale_to(scale)))) == scale


def test_without_the_setting_nothing_is_scaled():
    assert (
        scale_of(from_memory(table(), None, Source()), Source()) is None and scale_to(None) is scale_from(None) is None
    )


def test_images_are_refused():
    images = from_memory(torch.zeros(4, 1, 8, 8), None, Source())
    with pytest.raises(GansmithError, match=r"--standardize: .* are images"):
        scale_of(images, Source(standardize=True))


def test_the_game_is_that_of_data_standardised_by_hand():
    """The same numbers to the last digit, and samples scaled back."""
    x = table()
    scale = scale_of(from_memory(x, None, Source()), Source(standardize=True))
    plain = gansmith.train("nsgan", data=scale.standardized(x), standardize=False, **SETTINGS)
    scaled = gansmith.train("nsgan", data=x, standardize=True, **SETTINGS)
    for ours, theirs in zip(scaled.generator.parameters(), plain.generator.parameters(), strict=True):
        assert torch.equal(ours, theirs)
    samples = plain.sample(5)
    assert torch.equal(scaled.sample(5), scale.restored(samples))
    torch.testing.assert_close(
        scaled.discriminator(scale.restored(samples)).logits, plain.discriminator(samples).logits, atol=1e-3, rtol=1e-3
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scale")
    np.save(folder / "table.npy", table().numpy())
    settings = SETTINGS | {"checkpoint_every": 10, "data": str(folder / "table.npy")}
    gan = gansmith.train("nsgan", folder / "run", standardize=True, **settings)
    return folder, gan


@pytest.mark.parametrize("which", ["last", "raw"])
def test_a_loaded_generator_scales_back(run, which):
    folder, gan = run
    loaded = gansmith.load(folder / "run", generator=which)
    assert loaded.scale == gan.scale is not None
    assert (loaded.sample(100).std(dim=0) > 0.001 * SPREADS).all()
    torch.testing.assert_close(loaded.discriminator(table(5)).logits, gan.discriminator(table(5)).logits)
    if which == "last":
        assert torch.equal(loaded.sample(5), gan.sample(5))


def test_a_run_that_goes_on_keeps_its_scale(run, tmp_path):
    """On other data too, as its networks have got used to it."""
    folder, gan = run
    gansmith.resume(folder / "run", steps=30, data=table() * 2, quiet=True)
    assert gansmith.load(folder / "run").scale == gan.scale


def test_the_trainer_plays_standardised_samples_and_measures_against_the_others():
    x = table()
    trainer = assemble(gansmith.recipe("nsgan", standardize=True), x)
    seen = next(trainer.rounds).x
    assert (
        seen.abs().max() < 6 and next(trainer.rounds.dataset.batches(8, 0, 0, torch.device("cpu"))).x.abs().max() > 1e4
    )


def test_evaluation_is_in_the_units_of_the_data():
    found = gansmith.train("mixture", data="ring", **SETTINGS | {"vectors": "fourier", "evaluate_every": 20})
    assert gansmith.evaluate(found, samples=500).metrics["sliced_wasserstein"] < 3


def test_networks_of_one_s_own_see_data_as_they_are_unless_it_is_said():
    settings = {"data": "ring", "steps": 1, "latent": 2, "quiet": True, "evaluate_every": 0}
    for more, scaled in (({}, False), ({"standardize": True}, True)):
        gan = gansmith.train("nsgan", networks=(torch.nn.Linear(2, 2), torch.nn.Linear(2, 1)), **settings, **more)
        assert (gan.scale is not None) is scaled
    assert gansmith.train("nsgan", hidden=4, **settings).scale is not None


def test_on_the_command_line(tmp_path, capsys):
    assert (
        main(["train", "nsgan", "--data", "digits", "--standardize", "--steps", "1", "--out", str(tmp_path / "r")]) == 2
    )
    assert "--standardize" in capsys.readouterr().err
