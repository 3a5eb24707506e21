"""Activations, norms, noise and dropout of the families do what their settings say, and nothing where they are off."""

import dataclasses

import pytest
import torch
from torch import nn

import gansmith
from gansmith.errors import GansmithError
from gansmith.networks.families import DCGAN, MLP, Fourier
from gansmith.networks.layers import ACTIVATIONS, PIECES, Dropout, Maxout, Noise, activation, pieces

FORMULAS = {
    "relu": lambda x: x.clamp(min=0),
    "leaky_relu": lambda x: torch.where(x > 0, x, 0.2 * x),
    "tanh": torch.tanh,
    "softplus": lambda x: (1 + x.exp()).log(),
    "elu": lambda x: torch.where(x > 0, x, x.exp() - 1),
    "gelu": lambda x: x * torch.special.ndtr(x),
    "silu": lambda x: x * torch.sigmoid(x),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_activations_are_their_formulas(name):
    x = torch.linspace(-4, 4, 81, dtype=torch.float64)
    torch.testing.assert_close(activation(name)(x), FORMULAS[name](x), rtol=1e-6, atol=1e-9)


def test_every_activation_has_its_formula_here():
    assert {*FORMULAS, "maxout", "gated"} == set(ACTIVATIONS)


def test_maxout_is_the_largest_of_every_units_pieces():
    x = torch.randn(4, 3 * PIECES)
    best = torch.stack([x[:, PIECES * i : PIECES * (i + 1)].max(dim=1).values for i in range(3)], dim=1)
    assert torch.equal(Maxout()(x), best)


@pytest.mark.parametrize("shape", [(4, 6), (4, 6, 2, 3)])
def test_gates_are_products_of_two_halves(shape):
    x = torch.randn(shape)
    a, b = x[:, :3], x[:, 3:]
    torch.testing.assert_close(activation("gated")(x), torch.tanh(b) / (1 + torch.exp(-a)))
    assert [pieces(name) for name in ("gated", "maxout", "tanh")] == [2, PIECES, 1]
    network = MLP(8, 2, 2, "maxout", "maxout")
    assert network.generator(3, (2,))(torch.randn(5, 3)).shape == (5, 2)
    output = network.discriminator((2,))(torch.randn(5, 2))
    assert output.logits.shape == (5,) and output.features.shape == (5, 8)


@pytest.mark.parametrize("name", ["elu", "gelu", "silu", "maxout"])
def test_a_run_with_each_of_them_by_the_command_line_s_names(name):
    settings = {"generator_activation": name, "discriminator_activation": name, "hidden": 8, "r1": 1.0, "steps": 2}
    gan = gansmith.train("nsgan", data="ring", latent=2, device="cpu", quiet=True, **settings)
    assert torch.isfinite(gan.sample(8)).all()


def test_without_noise_norm_and_dropout_the_networks_are_those_of_before():
    names = [name for name, _ in MLP(8).generator(3, (2,)).named_parameters()]
    assert names == [f"body.{i}.{kind}" for i in (1, 3, 5, 7) for kind in ("weight", "bias")]
    assert not any(
        isinstance(layer, Noise | Dropout | nn.BatchNorm1d) for layer in DCGAN().generator(3, (1, 16, 16)).modules()
    )


def test_batch_norm_stands_before_every_activation():
    layers = [type(layer).__name__ for layer in MLP(8, 2, generator_norm="batch").generator(3, (1, 4, 4)).body]
    assert layers == ["Flatten", *["Linear", "BatchNorm1d", "ReLU"] * 2, "Linear", "Tanh"]


@pytest.mark.parametrize("family", [MLP(64), DCGAN(4, "none"), Fourier(64)], ids=lambda family: type(family).__name__)
@pytest.mark.parametrize(("setting", "value"), [("generator_noise", 0.5), ("generator_dropout", 0.5)])
@pytest.mark.parametrize("when", ["training", "always"])
def test_noise_and_dropout_act_while_training_or_always(family, setting, value, when):
    torch.manual_seed(0)
    shape = (1, 16, 16) if isinstance(family, DCGAN) else (3,)
    network = dataclasses.replace(family, **{setting: value}, disturb=when).generator(5, shape)
    z = torch.randn(8, 5)
    assert not torch.equal(network(z), network(z))
    network.eval()
    assert torch.equal(network(z), network(z)) is (when == "training")


def test_they_have_their_size():
    torch.manual_seed(0)
    x = torch.ones(400, 100)
    noise = Noise(0.3)(x) - x
    assert float(noise.std()) == pytest.approx(0.3, rel=0.02) and abs(float(noise.mean())) < 0.01
    dropped = Dropout(0.2)(x)
    assert set(dropped.unique().tolist()) == {0.0, 1.25}
    assert float((dropped == 0).float().mean()) == pytest.approx(0.2, abs=0.01)


def test_the_discriminators_dropout_acts_while_it_trains():
    network = MLP(64, discriminator_dropout=0.5).discriminator((3,))
    x = torch.randn(8, 3)
    assert not torch.equal(network(x).logits, network(x).logits)
    assert torch.equal(network.eval()(x).logits, network(x).logits)


def test_settings_of_the_generator_reach_a_run():
    """Two averages of the same seed differ by what their settings change."""
    common = {"hidden": 8, "latent": 2, "steps": 3, "quiet": True, "device": "cpu", "data": "ring"}
    alone = {"generator_norm": "batch", "generator_noise": 0.1, "generator_dropout": 0.1, "discriminator_dropout": 0.1}
    changes = [{}, {"soft_labels": 0.3}, *({name: value} for name, value in alone.items())]
    points = [gansmith.train("nsgan", **common, **change).sample(4) for change in changes]
    assert all(not torch.equal(a, b) for i, a in enumerate(points) for b in points[:i])


def test_conditional_norm_of_an_mlp_is_refused_or_works():
    settings = {"network": "mlp", "generator_norm": "batch", "conditional_norm": True, "hidden": 8, "steps": 2}
    try:
        gan = gansmith.train("cgan", quiet=True, device="cpu", **settings)
    except GansmithError as error:
        assert "conditional_norm" in str(error)
    else:
        one, other = gan.sample(2, labels=["0", "1"])
        assert not torch.equal(one, other)


@pytest.mark.parametrize("family", [MLP(16), Fourier(16)], ids=lambda family: type(family).__name__)
def test_noise_enters_times_its_gain(family):
    """With gain g, G(z) is what the same weights make of gz."""
    z = torch.rand(8, 1) * 16 - 8
    torch.manual_seed(0)
    plain = family.generator(1, (2,))
    torch.manual_seed(0)
    scaled = dataclasses.replace(family, noise_gain=0.125).generator(1, (2,))
    assert torch.equal(scaled(z), plain(z / 8)) and not torch.allclose(scaled(z), plain(z))
