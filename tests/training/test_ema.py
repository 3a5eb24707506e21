"""The average of a generator is a generator: what is no average is not averaged."""

import copy
import re
import warnings

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

import gansmith
from gansmith.generators import Prior, TrainedGenerator
from gansmith.networks import DCGAN, build_generator
from gansmith.training.assemble import assemble
from gansmith.training.ema import EMA, check_average

POINTS = torch.randn(256, 2, generator=torch.Generator().manual_seed(0))


def formerly(norm):
    def apply(layer):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            return norm(layer)

    return apply


class Iterated(nn.Module):
    """W/σ as a parametrisation that a user has written."""

    def __init__(self, size):
        super().__init__()
        self.register_buffer("u", nn.functional.normalize(torch.ones(size), dim=0))

    def forward(self, weight):
        if self.training:
            with torch.no_grad():
                v = nn.functional.normalize(weight.T @ self.u, dim=0)
                self.u = nn.functional.normalize(weight @ v, dim=0)
        return weight / (weight.T @ self.u).norm()


def own_spectral_norm(layer):
    nn.utils.parametrize.register_parametrization(layer, "weight", Iterated(layer.out_features))
    return layer


NORMS = {
    "parametrised": parametrizations.spectral_norm,
    "former": formerly(nn.utils.spectral_norm),
    "own": own_spectral_norm,
}


def pair(norm):
    torch.manual_seed(0)
    generator = nn.Sequential(norm(nn.Linear(2, 32)), nn.ReLU(), norm(nn.Linear(32, 32)), nn.ReLU(), nn.Linear(32, 2))
    return generator, nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))


def spectral_radii(network, z):
    """Return the largest singular values of the weights with which a network computes."""
    with torch.no_grad():
        network(z)
    return [float(torch.linalg.matrix_norm(network[i].weight, 2)) for i in (0, 2)]


@pytest.mark.parametrize("norm", NORMS)
def test_weights_under_spectral_norm_have_a_norm_of_one_in_the_average_too(norm):
    networks = pair(NORMS[norm])
    settings = {"latent": 2, "lr": 2e-3, "steps": 150, "batch": 32, "device": "cpu"}
    trainer = assemble(gansmith.recipe("nsgan", **settings), POINTS, networks)
    trainer.run(150)
    averaged, raw = trainer.ema.module, trainer.game.networks["generator"]
    z = torch.randn(500, 2, generator=torch.Generator().manual_seed(1))
    assert spectral_radii(averaged, z) == pytest.approx([1, 1], abs=0.02)
    sizes = [float(network(z).detach().norm(dim=1).mean()) for network in (averaged, raw)]
    assert 0.7 < sizes[0] / sizes[1] < 1.4, sizes
    assert all(
        float((a - b).detach().abs().max()) > 1e-4 for a, b in zip(averaged.parameters(), raw.parameters(), strict=True)
    )


class Layers(nn.Module):
    """A tied layer, a direction that turns, a count, and a buffer that is replaced as a whole."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 3)
        self.second = self.first
        self.register_buffer("direction", torch.tensor([1.0, 0.0, 0.0]))
        self.register_buffer("count", torch.zeros((), dtype=torch.long))
        self.register_buffer("replaced", torch.zeros(3))
        self.norm = nn.BatchNorm1d(3)

    def forward(self, x):
        self.direction.copy_(self.direction.roll(1))
        self.count += 1
        self.replaced = self.replaced + 1
        return self.norm(self.second(self.first(x))) + self.direction


def test_parameters_are_averaged_once_and_statistics_with_them_and_other_buffers_copied():
    torch.manual_seed(0)
    network = Layers()
    ema = EMA(network, decay=0.9)
    expected = {name: value.clone() for name, value in ema.module.state_dict().items()}
    for step in range(1, 6):
        network(torch.randn(8, 3))
        for parameter in network.parameters():
            parameter.data += torch.randn_like(parameter)
        now, weight = network.state_dict(), 1 - min(0.9, (1 + step) / (10 + step))
        for name, value in now.items():
            averaged = name.startswith(("first.", "second.")) or (name.startswith("norm.") and "tracked" not in name)
            expected[name] = torch.lerp(expected[name], value, weight) if averaged else value.clone()
        ema.update(step)
    found = ema.module.state_dict()
    for name, value in expected.items():
        assert torch.equal(found[name], value), name
    assert float(found["direction"].norm()) == 1 and int(found["count"]) == 5 and float(found["replaced"][0]) == 5
    assert ema.module.first is ema.module.second


def test_a_generator_of_ours_is_averaged_as_ever():
    torch.manual_seed(0)
    network = build_generator(DCGAN(4), 3, (1, 8, 8))
    ema, state = EMA(network, 0.5), {n: t.clone() for n, t in network.state_dict().items()}
    for step in (1, 2, 3):
        network(torch.randn(8, 3))
        for parameter in network.parameters():
            parameter.data += 0.1 * torch.randn_like(parameter)
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                state[name].lerp_(value, 1 - min(0.5, (1 + step) / (10 + step)))
        ema.update(step)
    for name, value in ema.module.state_dict().items():
        assert not value.is_floating_point() or torch.equal(value, state[name]), name


def test_parameters_whose_data_are_put_elsewhere_are_followed():
    """As `network.to` and some spectral norms of other people's do."""
    network = nn.Linear(2, 2)
    ema = EMA(network, decay=0.5)
    network.weight.data = torch.full((2, 2), 7.0)
    before = ema.module.weight.clone()
    ema.update(1)
    assert torch.equal(ema.module.weight, torch.lerp(before, network.weight.detach(), 1 - 2 / 11))


@pytest.mark.parametrize("norm", [parametrizations.weight_norm, formerly(nn.utils.weight_norm)])
def test_weight_norm_is_averaged_in_its_two_parts(norm):
    """ḡ v̄/|v̄|, not the mean of g v/|v|, which would be shorter than all of them."""
    torch.manual_seed(0)
    layer = norm(nn.Linear(3, 2, bias=False))
    g, v = sorted(layer.parameters(), key=torch.numel)
    ema = EMA(layer, decay=0.5)
    means = [g.detach().clone(), v.detach().clone()]
    for step in range(1, 5):
        for mean, now in zip(means, (g, v), strict=True):
            now.data = now.data.abs() + torch.randn_like(now).abs()
            mean.lerp_(now.detach(), 1 - min(0.5, (1 + step) / (10 + step)))
        ema.update(step)
    weight = means[0] * means[1] / means[1].norm(dim=1, keepdim=True)
    torch.testing.assert_close(ema.module(torch.eye(3)).T, weight)


def test_a_gross_difference_between_averaged_and_raw_samples_is_said():
    torch.manual_seed(0)
    network = nn.Linear(3, 2)
    other = copy.deepcopy(network)
    trained = TrainedGenerator(other, (2,), Prior(3))
    for factor in (0.2, 1.0, 5.0):
        other.load_state_dict({name: factor * value for name, value in network.state_dict().items()})
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            check_average(trained, network, "at step 3")
    for factor in (0.05, 20.0, float("nan")):
        other.load_state_dict({name: factor * value for name, value in network.state_dict().items()})
        with pytest.warns(UserWarning, match="at step 3, samples of the averaged generator have a size of"):
            check_average(trained, network, "at step 3")
    other.load_state_dict({name: 20 * value for name, value in network.state_dict().items()})
    with pytest.warns(UserWarning, match="a size of") as told:
        check_average(trained, network, "now")
    averaged, raw = map(float, re.findall(r"(?:size of|raw one) ([\d.e+-]+\d)", str(told[0].message)))
    z = trained.latents(2000, 1).z
    assert raw == pytest.approx(
        float(network(z).detach().square().mean().sqrt()), rel=0.2
    )  # of a number, not of all of them
    assert averaged == pytest.approx(20 * raw, rel=0.01)


def test_nothing_of_the_look_stays():
    network = Layers()
    trained = TrainedGenerator(copy.deepcopy(network), (3,), Prior(3))
    before, stream = copy.deepcopy(network.state_dict()), torch.get_rng_state()
    check_average(trained, network, "at the end")
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert network.training and torch.equal(torch.get_rng_state(), stream)
