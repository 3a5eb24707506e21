"""Networks of one's own are trained as they are, and are as usable after the run as before."""

import copy
import warnings
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from torch.nn.utils import parametrizations

import gansmith
from gansmith.errors import GansmithError
from gansmith.networks.copying import copy_of
from gansmith.records.run_folder import RunFolder
from gansmith.training.assemble import assemble

RNG = torch.Generator().manual_seed(0)
IMAGES = torch.rand(48, 3, 8, 8, generator=RNG) * 2 - 1
POINTS = torch.randn(64, 2, generator=RNG)
SMALL = {"steps": 4, "batch": 8, "device": "cpu", "evaluate_every": 2, "evaluate_samples": 50, "checkpoint_every": 2}
SMALL |= {"schedule": "constant"}


def mlp(inputs=2, outputs=2):
    return nn.Sequential(nn.Linear(inputs, 8), nn.ReLU(), nn.Linear(8, outputs))


class Viewing(nn.Module):
    """A convolutional discriminator as most tutorials have it."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 4, 4, 2, 1), nn.BatchNorm2d(4), nn.LeakyReLU(0.2))
        self.last = nn.Linear(64, 1)

    def forward(self, x):
        return self.last(self.features(x).view(x.size(0), -1)).view(-1)


def image_pair():
    torch.manual_seed(0)
    layers = [nn.ConvTranspose2d(6, 8, 4), nn.BatchNorm2d(8), nn.ReLU(), nn.ConvTranspose2d(8, 3, 4, 2, 1), nn.Tanh()]
    return nn.Sequential(nn.Unflatten(1, (6, 1, 1)), *layers), Viewing()


def looks(networks):
    """Return what of networks is none of their weights."""
    return [
        (path, layer.training, [(n, p.stride(), p.device, p.requires_grad) for n, p in layer.named_parameters()])
        for network in networks
        for path, layer in network.named_modules()
    ]


def flat(*networks):
    return torch.cat([tensor.detach().flatten().float() for n in networks for tensor in n.state_dict().values()])


@pytest.fixture(params=["tensor", "folder", "bytes"])
def images(request, tmp_path):
    """The same images as they come from a program, from files, and as an array with its channels last."""
    pictures = ((IMAGES.permute(0, 2, 3, 1) + 1) * 127.5).byte().numpy()
    if request.param == "tensor":
        return IMAGES
    if request.param == "bytes":
        np.save(tmp_path / "images.npy", pictures)
        return tmp_path / "images.npy"
    folder = tmp_path / "images"
    folder.mkdir()
    for number, picture in enumerate(pictures):
        Image.fromarray(picture).save(folder / f"{number}.png")
    return folder


def test_a_discriminator_that_views_is_trained_and_its_layout_stays(images, tmp_path):
    pair = image_pair()
    before, weights = looks(pair), flat(*pair)
    gan = gansmith.train("nsgan", tmp_path / "run", pair, True, data=images, latent=6, image_size=8, **SMALL)
    assert looks(pair) == before and not torch.equal(flat(*pair), weights)
    assert pair[1](IMAGES[:5]).shape == (5,)  # usable as before
    assert gan.sample(3).shape == (3, 3, 8, 8)


@dataclass(frozen=True)
class Tutorial:
    """A family of networks of a user's own."""

    width: int = 8
    """Units."""
    scores: int = 1
    """Of a sample."""

    def generator(self, inputs, shape):
        return image_pair()[0]

    def discriminator(self, shape, minibatch="none"):
        viewing = Viewing()
        viewing.last = nn.Linear(64, self.scores)
        return viewing


def test_networks_that_a_user_s_family_builds_are_a_user_s_too(tmp_path):
    settings = {"data": IMAGES, "latent": 6, "image_size": 8, **SMALL, "evaluate_every": 0}
    gan = gansmith.train("nsgan", None, quiet=True, network=Tutorial(), **settings)
    assert gan.generator[1].weight.is_contiguous() and gan.sample(3).shape == (3, 3, 8, 8)
    with pytest.raises(GansmithError, match=r"the discriminator, given samples \(8, 3, 8, 8\), gave scores \(16,\)"):
        gansmith.train("nsgan", tmp_path / "run", quiet=True, network=Tutorial(scores=2), **settings)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ema", [0, 0.9])
@pytest.mark.parametrize("recipe", ["nsgan", "wgan-gp"])
def test_layers_in_evaluation_mode_stay_in_it(recipe, ema, tmp_path):
    """A batch norm that is held stays so at every step, sample and evaluation; all others learn."""
    pair, held = image_pair(), []
    for norm in (pair[0][2], pair[1].features[1]):
        held.append(norm.eval())
        norm.running_mean += 0.5

    def look(moment):
        assert [norm.training for norm in held] == [False, False] and pair[0].training and pair[0][1].training
        moment.generator.sample(2)
        assert [norm.training for norm in held] == [False, False] and pair[0].training and pair[0][1].training
        look.calls += 1

    look.every, look.calls = 1, 0
    means, before = [norm.running_mean.clone() for norm in held], looks(pair)
    settings = {"data": IMAGES, "latent": 6, "image_size": 8, "ema": ema, "callbacks": [look], **SMALL}
    gansmith.train(recipe, tmp_path / "run", pair, True, **settings)
    assert look.calls == 4 and looks(pair) == before
    assert all(torch.equal(norm.running_mean, mean) for norm, mean in zip(held, means, strict=True))


def test_a_network_that_comes_in_evaluation_mode_is_trained_and_goes_so():
    generator, discriminator = image_pair()
    generator.eval()
    mean = generator[2].running_mean.clone()
    settings = {"data": IMAGES, "latent": 6, "image_size": 8, **SMALL}
    gansmith.train("nsgan", None, (generator, discriminator), True, **settings)
    assert not any(layer.training for layer in generator.modules()) and discriminator.training
    assert not torch.equal(generator[2].running_mean, mean)  # it was in training mode meanwhile


def test_a_mistake_leaves_networks_as_they_came():
    generator, discriminator = image_pair()
    discriminator.eval()
    generator[1].weight.requires_grad_(False)
    before, weights = looks((generator, discriminator)), flat(generator, discriminator)
    recipe = gansmith.recipe("nsgan", latent=7, image_size=8, device="cpu")
    with pytest.raises(GansmithError, match="given z"):
        assemble(recipe, IMAGES, (generator, discriminator))
    assert looks((generator, discriminator)) == before and torch.equal(flat(generator, discriminator), weights)


def test_frozen_layers_learn_again_after_the_run():
    pair = mlp(), mlp(2, 1)
    pair[1][2].bias.requires_grad_(False)  # by the user
    before, kept = looks(pair), [pair[0][0].weight.clone(), pair[1][0].weight.clone(), pair[1][2].bias.clone()]
    gan = gansmith.train("nsgan", None, pair, True, data=POINTS, latent=2, freeze=1, **SMALL)
    assert looks(pair) == before
    for weight, now in zip(kept, (pair[0][0].weight, pair[1][0].weight, pair[1][2].bias), strict=True):
        assert torch.equal(weight, now)
    assert not any(p.requires_grad for p in gan.generator.parameters())


def quietly(norm):
    def apply(layer):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            return norm(layer)

    return apply


class Noting(nn.Module):
    """Keeps what it computed last, and a generator of random numbers."""

    def __init__(self):
        super().__init__()
        self.inner, self.notes, self.rng = mlp(), {}, torch.Generator()

    def forward(self, z):
        self.notes["last"] = [self.inner(z)]
        return self.notes["last"][0]


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 2)
        self.second, self.third = self.first, nn.Linear(2, 2)
        self.third.weight = self.first.weight

    def forward(self, z):
        return self.third(self.second(self.first(z).tanh()).tanh())


def normed(norm):
    return lambda: nn.Sequential(norm(nn.Linear(2, 8)), nn.ReLU(), norm(nn.Linear(8, 2)))


KINDS = {
    "former weight norm": normed(quietly(nn.utils.weight_norm)),
    "former spectral norm": normed(quietly(nn.utils.spectral_norm)),
    "weight norm": normed(parametrizations.weight_norm),
    "spectral norm": normed(parametrizations.spectral_norm),
    "notes": Noting,
    "tied": Tied,
}


@pytest.mark.parametrize("kind", KINDS)
def test_any_generator_is_trained_saved_loaded_and_resumed_bit_for_bit(kind, tmp_path):
    def pair(seed=0):
        torch.manual_seed(seed)
        networks = KINDS[kind](), nn.Sequential(KINDS[kind](), nn.Linear(2, 1))
        networks[1](networks[0](torch.ones(2, 2))).sum().backward()  # they have been used before
        return networks

    mine, other = pair(), pair()
    settings = {"data": POINTS, "latent": 2, "ema": 0.9, **SMALL, "evaluate_every": 0}
    gan = gansmith.train("nsgan", tmp_path / "whole", mine, True, **settings)
    gansmith.train("nsgan", tmp_path / "parts", other, True, **settings | {"steps": 2})
    fresh = pair(seed=1)
    parts = gansmith.resume(tmp_path / "parts", 4, fresh, True, data=POINTS)
    assert torch.equal(flat(*mine), flat(*fresh)) and torch.equal(gan.sample(9), parts.sample(9))
    for networks in (mine, pair(seed=2)):
        for loaded in (gansmith.load(tmp_path / "whole", networks), gansmith.load(tmp_path / "whole", networks[0])):
            assert torch.equal(loaded.sample(9), gan.sample(9))
    assert torch.equal(gansmith.load(tmp_path / "whole", mine).discriminator(POINTS), gan.discriminator(POINTS))


def test_what_a_run_returns_is_apart_from_the_user_s_networks():
    pair = mlp(), mlp(2, 1)
    for ema in (0, 0.9):
        gan = gansmith.train("nsgan", None, pair, True, data=POINTS, latent=2, ema=ema, **SMALL)
        samples, scores = gan.sample(5), pair[1](POINTS)
        with torch.no_grad():
            for parameter in (*pair[0].parameters(), *pair[1].parameters()):
                parameter.add_(1)
        assert torch.equal(gan.sample(5), samples) and torch.equal(gan.discriminator(POINTS), scores)


@pytest.mark.parametrize("which", [0, 1])
def test_other_networks_at_resume_are_told_in_one_line_and_the_run_stays(which, tmp_path):
    gansmith.train("nsgan", tmp_path / "run", (mlp(), mlp(2, 1)), True, data=POINTS, latent=2, **SMALL)
    before = {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}
    pair = [mlp(), mlp(2, 1)]
    pair[which] = nn.Sequential(pair[which], nn.Linear(2 - which, 2 - which))
    name = ("generator", "discriminator")[which]
    with pytest.raises(GansmithError, match=f"the {name} is another than that of the checkpoint .*Missing key") as told:
        gansmith.resume(tmp_path / "run", 8, tuple(pair), True, data=POINTS)
    assert "\n" not in str(told.value)
    assert {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()} == before
    wide = nn.Sequential(nn.Linear(2, 9), nn.ReLU(), nn.Linear(9, 2 - which))
    pair = [mlp(), mlp(2, 1)]
    pair[which] = wide
    with pytest.raises(GansmithError, match=f"the {name} is another .*size mismatch for 0.weight"):
        gansmith.resume(tmp_path / "run", 8, tuple(pair), True, data=POINTS)
    pair = (mlp(), mlp(2, 1))
    pair[which][0].weight.requires_grad_(False)
    with pytest.raises(GansmithError, match=f"the {name} learns other parameters than in the checkpoint"):
        gansmith.resume(tmp_path / "run", 8, pair, True, data=POINTS)
    gansmith.resume(tmp_path / "run", 6, (mlp(), mlp(2, 1)), True, data=POINTS)
    assert RunFolder(tmp_path / "run").checkpoints().last_step() == 6


class Counting(nn.Linear):
    def get_extra_state(self):
        return {"calls": 1}

    def set_extra_state(self, state):
        pass


@pytest.mark.parametrize("pair", [(Counting(2, 2), mlp(2, 1)), (mlp(), Counting(2, 1))], ids=["generator", "judge"])
def test_what_cannot_be_saved_is_found_before_the_first_step(pair, tmp_path):
    with pytest.raises(GansmithError, match="state holds _extra_state, a dict: only tensors can be saved"):
        gansmith.train("nsgan", tmp_path / "run", pair, True, data=POINTS, latent=2, **SMALL)
    assert list(tmp_path.iterdir()) == []


def test_a_copy_of_a_network_that_torch_does_not_copy_shares_nothing_with_it():
    torch.manual_seed(0)
    pair = KINDS["former weight norm"](), mlp(2, 1)
    pair[0](torch.ones(2, 2))
    with pytest.raises(RuntimeError, match="deepcopy"):
        copy.deepcopy(pair[0])
    twin = copy_of(pair[0], "generator")
    assert torch.equal(twin(POINTS), pair[0](POINTS)) and twin[0].weight_g is not pair[0][0].weight_g
    twin[0].weight_g.data *= 2
    assert not torch.equal(twin(POINTS), pair[0](POINTS))
