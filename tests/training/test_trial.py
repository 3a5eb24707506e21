"""Everyday mistakes with networks of one's own: one line each, before anything is written."""

import copy
import random
import warnings

import numpy as np
import pytest
import torch
from layers import Does
from torch import nn

import gansmith
from gansmith.errors import GansmithError
from gansmith.networks import DiscriminatorOutput
from gansmith.training.assemble import assemble

RNG = torch.Generator().manual_seed(0)
IMAGES = torch.rand(48, 1, 8, 8, generator=RNG) * 2 - 1
POINTS = torch.randn(48, 2, generator=RNG)


class Labelled(nn.Linear):
    def forward(self, z, labels):
        return super().forward(z)


class Plain(nn.Module):
    """Keeps half of what it has in something that torch does not look into."""

    def __init__(self, kept, size=2):
        super().__init__()
        self.kept, self.last = kept, nn.Linear(2, size)

    def forward(self, z):
        inner = self.kept[0] if isinstance(self.kept, list) else self.kept
        return self.last(inner(z) if isinstance(inner, nn.Module) else z @ inner)


class Locked(nn.Linear):
    def __init__(self):
        super().__init__(2, 2)
        self.file = open("/dev/null")  # noqa: SIM115


def mlp(inputs=2, outputs=2):
    return nn.Sequential(nn.Linear(inputs, 8), nn.ReLU(), nn.Linear(8, outputs))


def image_generator():
    return nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Unflatten(1, (1, 8, 8)))


def image_discriminator():
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 1))


def flat_to(*shape):
    return nn.Sequential(nn.Linear(4, int(np.prod(shape))), nn.Tanh(), nn.Unflatten(1, shape))


MISTAKES = {
    "labels": (Labelled(2, 2), mlp(2, 1), r"generator, given z \(16, 2\), cannot be called .*labels.*with this alone"),
    "latent": (mlp(7), mlp(2, 1), r"given z \(16, 2\), fails \(RuntimeError: mat1.*its first layer takes latent = 7"),
    "swapped": (mlp(2, 1), mlp(), r"gave \(16, 1\): the pair is swapped, give networks=\(generator, discriminator\)"),
    "float64": (mlp().double(), mlp(2, 1), r"0.weight of the generator is float64, .*give generator.float\(\)"),
    "half": (mlp(), mlp(2, 1).half(), r"0.weight of the discriminator is float16, .*give discriminator.float\(\)"),
    "lazy": (nn.Sequential(nn.LazyLinear(2)), mlp(2, 1), r"generator has lazy layers \(0\).*call it on noise"),
    "tuple": (mlp(), Does(lambda h: (h, h), nn.Linear(2, 1)), r"given samples \(16, 2\), gave a tuple: return scores"),
    "two scores": (mlp(), mlp(), r"given samples \(16, 2\), gave scores \(16, 2\): return one score per"),
    "list of layers": (Plain([nn.Linear(2, 2)]), mlp(2, 1), r"kept keeps layers in a plain list: make it an nn.Modu"),
    "list of tensors": (Plain([torch.ones(2, 2, requires_grad=True)]), mlp(2, 1), r"kept is no .*an nn.ParameterList"),
    "tensor": (Plain(torch.ones(2, 2, requires_grad=True)), mlp(2, 1), r"kept is no parameter of it.*an nn.Parameter"),
    "discriminator's list": (mlp(), Plain([nn.Linear(2, 2)], 1), r"the discriminator would not train all of its"),
    "NaN": (Does(lambda h: h.log(), nn.Linear(2, 2), nn.Sigmoid(), nn.Threshold(2, 0)), mlp(2, 1), "NaN or infinite"),
    "detached": (Does(lambda h: h.detach(), mlp()), mlp(2, 1), r"gave \(16, 2\) without a gradient: take detach"),
    "array": (Does(lambda h: h.detach().numpy(), mlp()), mlp(2, 1), r"gave a ndarray: return the samples \(16, 2\) al"),
    "one parameter for both": (*[mlp()] * 2, "share the parameter 0.weight: give each its own"),
    "no parameters": (nn.Identity(), mlp(2, 1), "the generator has no parameter that can learn"),
    "class": (Labelled, mlp(2, 1), r"the generator is a class, Labelled: give a network, Labelled\("),
    "function": (torch.tanh, mlp(2, 1), "the generator is a builtin_function_or_method: give an nn.Module"),
    "uncopyable": (Locked(), mlp(2, 1), r"generator cannot be copied \(TypeError: .*TextIOWrapper.*let no layer keep"),
    "minibatch burnt in": (Does(lambda h: h.view(16, 2), mlp()), mlp(2, 1), r"z \(3, 2\), fails .*len\(z\) tells it"),
}
WITH_IMAGES = {
    "flat": (mlp(4, 64), image_discriminator(), r"gave \(16, 64\): end it with nn.Unflatten\(1, \(1, 8, 8\)\)"),
    "other side": (flat_to(1, 16, 16), image_discriminator(), r"are \(16, 1, 8, 8\), which image_size=16 changes"),
    "maps": (nn.ConvTranspose2d(4, 1, 7), image_discriminator(), r"gave \(16, 1, 7, 7\): samples are \(16, 1, 8, 8\)"),
    "flat discriminator": (image_generator(), mlp(64, 1), r"given samples \(16, 1, 8, 8\), fails .*nn.Flatten\(\)"),
    "patches": (image_generator(), nn.Conv2d(1, 1, 2, 2), r"scores \(16, 1, 4, 4\): average .*mean\(dim=\(1, 2, 3\)"),
    "channels": (image_generator(), nn.Conv2d(3, 1, 8), "its first layer takes 3 channels, and these have 1"),
    "range": (Does(lambda h: 255 * (h + 1) / 2, image_generator()), image_discriminator(), r"are in \[-1, 1\]: end it"),
}


@pytest.mark.filterwarnings("ignore::UserWarning")  # of torch, of lazy layers
@pytest.mark.parametrize("mistake", [*MISTAKES, *WITH_IMAGES])
def test_a_mistake_is_told_in_one_line_and_leaves_nothing(mistake, tmp_path):
    generator, discriminator, told = (MISTAKES | WITH_IMAGES)[mistake]
    small = {"steps": 2, "batch": 16, "device": "cpu"}
    of_images = {"data": IMAGES, "latent": 4, "image_size": 8}
    small |= of_images if mistake in WITH_IMAGES else {"data": POINTS, "latent": 2}
    with pytest.raises(GansmithError, match=told) as error:
        gansmith.train("nsgan", tmp_path / "run", (generator, discriminator), True, **small)
    assert "\n" not in str(error.value) and len(str(error.value)) < 400
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("networks", "told"),
    [
        (mlp(), "give a pair"),
        ((mlp(), mlp(2, 1), mlp(2, 1)), "give a pair"),
        (7, "give a pair"),
        ((layer for layer in mlp()), "give a pair"),
        ({"discriminator": mlp(2, 1)}, "none of discriminator is called generator"),
    ],
)
def test_networks_are_a_pair_or_by_name(networks, told):
    with pytest.raises(GansmithError, match=told):
        assemble(gansmith.recipe("nsgan", latent=2, device="cpu"), POINTS, networks)


@pytest.mark.parametrize("shape", [(-1,), (-1, 1), (-1, 1, 1, 1)])
def test_scores_of_these_shapes_are_right(shape):
    pair = (mlp(), Does(lambda h: h.reshape(shape), mlp(2, 1)))
    told = Does(lambda h: DiscriminatorOutput(h, h), mlp(2, 1))
    for networks in (pair, (mlp(), told)):
        trainer = assemble(gansmith.recipe("nsgan", latent=2, device="cpu", batch=8), POINTS, networks)
        trainer.run(1)
        assert set(trainer.latest) == {"generator", "discriminator"}


def test_images_a_little_out_of_range_are_a_warning():
    loud = Does(lambda h: 3 * h, image_generator())
    recipe = gansmith.recipe("nsgan", latent=4, device="cpu", batch=16, image_size=8)
    with pytest.warns(UserWarning, match=r"values from -[\d.]+ to [\d.]+, and images are in \[-1, 1\]"):
        assemble(recipe, IMAGES, (loud, image_discriminator()))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assemble(recipe, IMAGES, (image_generator(), image_discriminator()))


def test_a_sigmoid_at_the_end_of_a_discriminator_is_a_warning():
    """As scores are logits it would be applied twice, in silence."""
    recipe = gansmith.recipe("nsgan", latent=2, device="cpu", batch=16)
    with pytest.warns(UserWarning, match="the discriminator ends in a Sigmoid, and scores are logits here: leave it"):
        assemble(recipe, POINTS, (mlp(), nn.Sequential(*mlp(2, 1), nn.Sigmoid())))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assemble(recipe, POINTS.clamp(0, 1), (nn.Sequential(mlp(), nn.Sigmoid()), mlp(2, 1)))


class Remembers(nn.Module):
    """Draws from global generators and remembers that it was called."""

    def __init__(self):
        super().__init__()
        self.norm, self.last = nn.BatchNorm1d(2), nn.Linear(2, 2)
        self.calls = 0

    def forward(self, z):
        self.calls += 1
        self.output = self.last(self.norm(z + torch.randn_like(z) + np.random.rand() + random.random()))  # noqa: NPY002
        return self.output


def test_nothing_of_the_trial_stays():
    network, judge = Remembers(), mlp(2, 1)
    before = copy.deepcopy([network.state_dict(), judge.state_dict()])
    streams = (torch.get_rng_state(), np.random.rand, random.getstate())
    numbers = np.random.get_state()[1].copy()  # noqa: NPY002
    assemble(gansmith.recipe("nsgan", latent=2, device="cpu", batch=8), POINTS, (network, judge))
    for old, one in zip(before, (network, judge), strict=True):
        assert all(torch.equal(old[name], value) for name, value in one.state_dict().items())
    assert network.calls == 0 and not hasattr(network, "output")
    assert torch.equal(torch.get_rng_state(), streams[0]) and random.getstate() == streams[2]
    assert (np.random.get_state()[1] == numbers).all()  # noqa: NPY002


def test_a_run_has_the_weights_that_it_has_without_a_trial(monkeypatch):
    ends = []
    for tried in (True, False):
        if not tried:
            monkeypatch.setattr("gansmith.training.assemble.trial", lambda *_: None)
        torch.manual_seed(0)
        pair = (Remembers(), mlp(2, 1))
        gansmith.train("wgan-gp", None, pair, True, data=POINTS, latent=2, steps=3, batch=8, device="cpu")
        ends.append(torch.cat([p.flatten() for network in pair for p in network.parameters()]))
    assert torch.equal(*ends)


def test_labels_come_with_the_noise_where_they_are_asked_for():
    class Asked(nn.Module):
        def __init__(self, outputs):
            super().__init__()
            self.layer = nn.Linear(2 + 3, outputs)

        def forward(self, x, c):
            return self.layer(torch.cat([x, c], dim=1))

    labels = torch.arange(48) % 3
    recipe = gansmith.recipe("cgan", latent=2, device="cpu", batch=8)
    assemble(recipe, POINTS, (Asked(2), Asked(1)), labels=labels).run(1)
    with pytest.raises(GansmithError, match=r"given z \(8, 2\) and c \(8, 3\), cannot be called"):
        assemble(recipe, POINTS, (mlp(), Asked(1)), labels=labels)
    with pytest.raises(GansmithError, match=r"discriminator, given samples \(8, 2\) and c \(8, 3\), cannot be called"):
        assemble(recipe, POINTS, (Asked(2), mlp(2, 1)), labels=labels)


def warned(networks, data=IMAGES, **settings):
    """Return what a trial warns of."""
    size = {"image_size": 8} if data.dim() == 4 else {}
    recipe = gansmith.recipe("nsgan", batch=16, latent=4, device="cpu", **size, **settings)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assemble(recipe, data, networks)
    return [str(one.message) for one in told]


def ending(*layers, then=lambda h: h):
    return Does(lambda h: then(h).view(-1, 1, 8, 8), nn.Linear(4, 64), *layers)


@pytest.mark.parametrize("last", ["layer", "function"])
@pytest.mark.parametrize("name", ["Sigmoid", "ReLU", "Softplus"])
def test_a_generator_that_cannot_reach_its_data_is_told(name, last):
    layer = getattr(nn, name)()
    generator = ending(layer) if last == "layer" else ending(then=lambda h: layer(h))
    line = warned((generator, image_discriminator()))[-1]
    assert line.startswith(f"the generator ends in a {name.capitalize()}, whose values are ")
    assert line.endswith("run from -1 to 1: end it with nn.Tanh()")
    assert warned((ending(nn.Tanh()), image_discriminator())) == []


@pytest.mark.parametrize(("low", "told"), [(0.0, False), (-0.02, False), (-0.5, True)])
def test_positive_samples_are_within_the_reach_of_relu(low, told):
    generator = nn.Sequential(nn.Linear(4, 2), nn.ReLU())
    assert bool(warned((generator, mlp(2, 1)), torch.linspace(low, 3.0, 80).reshape(40, 2))) is told


def test_a_table_beyond_what_tanh_reaches_is_told():
    generator = nn.Sequential(nn.Linear(4, 2), nn.Tanh())
    (line,) = warned((generator, mlp(2, 1)), POINTS * 10)
    assert "ends in a Tanh, whose values are between -1 and 1" in line and "leave it out, or use --standardize" in line
    assert warned((generator, mlp(2, 1)), POINTS.clamp(-1, 1)) == []


@pytest.mark.parametrize("then", [torch.sigmoid, lambda h: torch.nn.functional.logsigmoid(h).squeeze(1)])
def test_scores_that_are_no_logits_are_told_even_of_functions(then):
    judge = Does(then, nn.Flatten(), nn.Linear(64, 1))
    (line,) = warned((image_generator(), judge))
    assert "the discriminator ends in a" in line and "scores are logits here: leave it out" in line
