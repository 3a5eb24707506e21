"""What is said of a network that cannot work mends it: the mend is tried too."""

import math
from collections import OrderedDict
from dataclasses import dataclass

import pytest
import torch
from layers import Does
from torch import nn

import gansmith
from gansmith.errors import GansmithError
from gansmith.recipes.composition import change
from gansmith.training import trial
from gansmith.training.assemble import assemble

RNG = torch.Generator().manual_seed(0)
IMAGES = torch.rand(24, 1, 8, 8, generator=RNG) * 2 - 1
POINTS = torch.randn(24, 2, generator=RNG)


class Keeps(nn.Module):
    """Keeps a layer in a plain list."""

    def __init__(self):
        super().__init__()
        self.kept, self.last = [nn.Linear(2, 2)], nn.Linear(2, 2)

    def forward(self, z):
        return self.last(self.kept[0](z))


def mlp(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, 8), nn.ReLU(), nn.Linear(8, outputs))


def image_generator():
    return nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Unflatten(1, (1, 8, 8)))


def image_discriminator():
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 1))


def tried(generator, discriminator, data=POINTS, latent=4, **settings):
    size = {"image_size": data.shape[-1]} if data.dim() == 4 else {}
    recipe = gansmith.recipe("nsgan", latent=latent, batch=8, device="cpu", **size | settings)
    assemble(recipe, data, (generator, discriminator))


def told(*networks, **settings):
    with pytest.raises(GansmithError) as error:
        tried(*networks, **settings)
    return str(error.value)


def spoilt(values):
    """Set one number of a whole minibatch to another."""
    return lambda h: torch.where(torch.arange(h.numel()).reshape(h.shape) == 3, values, h)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_single_number_that_is_none_is_enough(value):
    """Of samples and of scores; those that are finite are not."""
    line = told(Does(spoilt(value), mlp(4, 2)), mlp(2, 1))
    assert line.startswith("the generator, given z (8, 4), gave (8, 2) with values that are NaN or infinite")
    line = told(mlp(4, 2), Does(spoilt(value), mlp(2, 1)))
    assert line.startswith("the discriminator, given samples (8, 2), gave scores (8, 1) that are NaN or infinite")
    tried(Does(spoilt(0.5), mlp(4, 2)), Does(spoilt(0.5), mlp(2, 1)))


def test_a_swapped_pair_is_told_whatever_lengths_noise_and_samples_have():
    """With other lengths the generator fails before its samples could have a wrong shape."""
    for latent in (2, 4):
        assert "the pair is swapped" in told(mlp(2, 1), mlp(latent, 2), latent=latent)
    assert "swapped" not in told(mlp(3, 2), mlp(2, 1)) and "swapped" not in told(mlp(2, 2), mlp(4, 2))


def test_the_first_layer_is_named_where_it_is_what_does_not_fit():
    ours = image_generator()
    assert "its first layer takes 3 channels, and these have 1" in told(ours, nn.Conv2d(3, 1, 8), data=IMAGES)
    assert "its first layer takes 8 channels, and these have 1" in told(
        image_generator(), nn.Conv2d(8, 1, 8), data=IMAGES
    )
    assert told(image_generator(), nn.Conv2d(1, 1, 9), data=IMAGES).endswith("it must take a minibatch of this shape")
    assert "its first layer takes samples of 5 numbers" in told(mlp(4, 2), mlp(5, 1))
    assert "its first layer takes latent = 7" in told(mlp(7, 2), mlp(2, 1))
    tried(mlp(7, 2), mlp(2, 1), latent=7)
    fails = nn.Sequential(nn.Linear(2, 3), nn.Linear(4, 1))  # behind its first layer
    assert told(mlp(4, 2), fails).endswith("it must take a minibatch of this shape")


@pytest.mark.parametrize(
    ("layer", "mend"),
    [
        (lambda: nn.ConvTranspose2d(5, 1, 8), "begin it with nn.Unflatten(1, (4, 1, 1))"),
        (lambda: nn.ConvTranspose1d(5, 8, 8), "begin it with nn.Unflatten(1, (4, 1))"),
    ],
)
def test_flat_noise_is_unflattened_to_as_many_maps_as_it_has_numbers(layer, mend):
    assert told(layer(), image_discriminator(), data=IMAGES).endswith(mend)
    mended = nn.Sequential(nn.Unflatten(1, (4, 1, 1)), nn.ConvTranspose2d(4, 1, 8), nn.Tanh())
    tried(mended, image_discriminator(), data=IMAGES)


@pytest.mark.parametrize("side", [4, 8, 16])
def test_flat_samples_are_mended_by_the_layer_that_is_named(side):
    flat = nn.Sequential(nn.Linear(4, side * side), nn.Tanh())
    line = told(flat, image_discriminator(), data=IMAGES)
    assert f"end it with nn.Unflatten(1, (1, {side}, {side}))" in line
    assert (f"and set image_size={side}" in line) == (side != 8)
    if side == 8:
        tried(nn.Sequential(flat, nn.Unflatten(1, (1, 8, 8))), image_discriminator(), data=IMAGES)


def test_samples_that_no_side_explains_are_told_by_their_shapes():
    assert told(mlp(4, 60), image_discriminator(), data=IMAGES).endswith("gave (8, 60): samples are (8, 1, 8, 8)")
    assert told(mlp(4, 3), mlp(2, 1)).endswith("gave (8, 3): samples are (8, 2)")
    oblong = nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Unflatten(1, (1, 4, 16)))
    assert told(oblong, image_discriminator(), data=IMAGES).endswith("samples are (8, 1, 8, 8)")
    fewer = Does(lambda h: h[:4], mlp(4, 2))
    assert told(fewer, mlp(2, 1)).endswith("gave (4, 2): samples are (8, 2)")


def test_the_range_of_images_has_its_two_ends():
    """Up to 1 nothing is said, up to far beyond it a warning, then an error; on either side."""
    for sign in (1, -1):
        wide = [Does(lambda h, s=s * sign: h.abs() / h.abs().max() * s, image_generator()) for s in (0.99, 1.5, 50.0)]
        tried(wide[0], image_discriminator(), data=IMAGES)
        with pytest.warns(UserWarning, match="images are in \\[-1, 1\\]: end it with nn.Tanh"):
            tried(wide[1], image_discriminator(), data=IMAGES)
        assert "end it with nn.Tanh" in told(wide[2], image_discriminator(), data=IMAGES)


def test_patches_are_averaged_over_all_that_comes_after_the_samples():
    line = told(image_generator(), nn.Conv2d(1, 1, 2, 2), data=IMAGES)
    assert "average over its patches, .mean(dim=(1, 2, 3))" in line
    assert "average" not in told(mlp(4, 2), Does(lambda h: h[:4], mlp(2, 1)))
    tried(image_generator(), Does(lambda h: h.mean(dim=(1, 2, 3)), nn.Conv2d(1, 1, 2, 2)), data=IMAGES)


def test_a_layer_that_hides_is_named_by_its_place():
    for network, place in (
        (Keeps(), "kept"),
        (nn.Sequential(Keeps()), "0.kept"),
        (nn.Sequential(OrderedDict(body=nn.Sequential(nn.Identity(), Keeps()))), "body.1.kept"),
    ):
        assert f"weights: {place} keeps layers in a plain list" in told(network, mlp(2, 1), latent=2)


def test_what_is_compared_is_what_each_player_pays_for():
    """A detached fake costs the generator nothing that it could change; the discriminator still pays."""

    class Cut(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(2, 1)

        def forward(self, x):
            return self.layer(x.detach())

    line = told(mlp(4, 2), Cut())
    assert line == "the generator's cost does not depend on its weights: is something detached on the way?"


def test_a_generator_is_tried_with_fewer_than_a_minibatch_as_it_will_be_sampled():
    fixed = Does(lambda h: h.reshape(-1, 2)[:8].reshape(8, 2), mlp(4, 2))
    assert f"given z ({trial.FEW}, 4)" in told(fixed, mlp(2, 1))
    padded = Does(lambda h: torch.cat([h, h[:1].expand(max(0, 8 - len(h)), -1)]), mlp(4, 2))
    assert "gave (8, 2): leave the minibatch's size out" in told(padded, mlp(2, 1))
    tried(Does(lambda h: h, mlp(4, 2)), mlp(2, 1))


@dataclass(frozen=True)
class Family:
    """A family of a user's own."""

    hides: bool = False

    def generator(self, inputs, shape):
        return nn.Sequential(nn.Linear(inputs, 2), Keeps()) if self.hides else mlp(inputs, shape[0])

    def discriminator(self, shape, minibatch="none"):
        return mlp(shape[0], 1)


def test_networks_of_a_family_of_one_s_own_are_looked_at_as_networks_are():
    recipe = gansmith.recipe("nsgan", latent=4, batch=8, device="cpu")
    with pytest.raises(GansmithError, match=r"the generator would not train all of its weights: 1.kept keeps layers"):
        assemble(change(recipe, {"vectors": Family(hides=True)}), POINTS)
    assert assemble(change(recipe, {"vectors": Family()}), POINTS).step().step == 1
