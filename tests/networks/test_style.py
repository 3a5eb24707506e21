"""The generator that is driven by styles: what w is, what it reaches, and what training adds."""

import dataclasses

import pytest
import torch

import gansmith
from gansmith.errors import GansmithError
from gansmith.generators import Prior
from gansmith.generators.trained import TrainedGenerator
from gansmith.networks import Style
from gansmith.networks.style import StyleGenerator
from gansmith.training.ema import EMA

FAMILY = Style(8, style=12, mapping_layers=2)


def network(side=16, **changes):
    torch.manual_seed(0)
    return dataclasses.replace(FAMILY, **changes).generator(6, (3, side, side))


def noise(count=7):
    return torch.randn(count, 6, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("side", [8, 16, 32, 64, 128])
@pytest.mark.parametrize("channels", [1, 3])
def test_it_makes_images_of_every_size(side, channels):
    shape = (channels, side, side)
    made = FAMILY.generator(6, shape)(noise(2))
    assert made.shape == (2, *shape) and made.abs().max() <= 1
    assert FAMILY.discriminator(shape)(made).logits.shape == (2,)


def test_a_side_that_it_does_not_make_is_told():
    with pytest.raises(GansmithError, match="style makes images of 8, 16, 32, 64 or 128 pixels, not 48"):
        FAMILY.generator(6, (3, 48, 48))


def test_an_image_is_what_synthesis_makes_of_its_style():
    g = network().eval()
    w = g.mapping(noise())
    assert w.shape == (7, 12)
    assert torch.equal(g(noise()), g.synthesis(w))
    assert torch.equal(g(noise()), g.synthesis(w[:, None].expand(-1, 3, -1)))


def test_only_the_direction_of_z_counts():
    g = network().eval()
    torch.testing.assert_close(g(3 * noise()), g(noise()), atol=1e-5, rtol=1e-5)
    assert not torch.allclose(g(-noise()), g(noise()), atol=1e-2)


def test_every_layer_obeys_its_own_style():
    """From 4×4 maps to the image: w of each layer changes the image, by gain and by shift."""
    g = network(32).eval()
    w = g.mapping(noise())[:, None].repeat(1, 4, 1)
    for i in range(4):
        other = w.clone()
        other[:, i] = w[:, i].roll(1, dims=0)
        assert not torch.allclose(g.synthesis(other), g.synthesis(w), atol=1e-3)


def test_a_layer_s_maps_have_the_mean_and_deviation_that_their_style_asks_for():
    layer = network().styles[1]
    seen = []
    layer.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    w = torch.randn(5, 12)
    x = torch.randn(5, 8, 8, 8) * 3 + 1
    y = layer(x, w)
    before = torch.where(y < 0, y / 0.2, y)
    gain, shift = layer.affine(w).chunk(2, dim=1)
    torch.testing.assert_close(before.mean(dim=(2, 3)), shift, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(before.std(dim=(2, 3), correction=0), (1 + gain).abs(), atol=1e-4, rtol=1e-3)


def test_w_is_what_leaky_layers_make_of_the_direction_of_z():
    g = network().eval()
    w = 6**0.5 * noise() / noise().norm(dim=1, keepdim=True)
    for layer in g.mapping.layers:
        w = w @ layer.weight.T + layer.bias
        w = torch.where(w < 0, 0.2 * w, w)
    torch.testing.assert_close(g.mapping(noise()), w, atol=1e-5, rtol=1e-4)


def test_the_mean_style_is_that_of_training_and_average():
    g = network()
    average = EMA(g, 0.5)
    for _ in range(2000):
        g.mapping(noise(64))
    expected = g.mapping(noise(64)).mean(dim=0)
    torch.testing.assert_close(g.mapping.running_mean, expected, atol=1e-3, rtol=1e-2)
    for step in range(1, 31):
        average.update(step)
    torch.testing.assert_close(average.module.mapping.running_mean, expected, atol=1e-3, rtol=1e-2)
    before = g.mapping.running_mean.clone()
    g.eval()(noise())
    assert torch.equal(g.mapping.running_mean, before)


def test_truncation_goes_to_the_mean_style_and_is_over_afterwards():
    g = network()
    g(noise(64))
    gan = TrainedGenerator(g, (3, 16, 16), Prior(6))
    whole, half, none = gan.sample(5), gan.sample(5, truncation=0.5), gan.sample(5, truncation=1e-8)
    mean = g.eval().synthesis(g.mapping.running_mean[None])
    torch.testing.assert_close(none, mean.expand(5, -1, -1, -1), atol=1e-4, rtol=1e-4)
    w = torch.lerp(g.mapping.running_mean, g.mapping(gan.latents(5).z), 0.5)
    torch.testing.assert_close(half, g.synthesis(w), atol=1e-5, rtol=1e-5)
    assert torch.equal(gan.sample(5), whole) and not torch.allclose(whole, half, atol=1e-3)
    assert torch.equal(gan.sample(latents=gan.latents(5), truncation=0.5), half)
    assert torch.equal(torch.cat([*gan.stream(5, truncation=0.5)]), half)


def test_noise_comes_in_while_training_and_stays_the_same_afterwards():
    g = network(noise_inputs=True)
    for style in g.styles:
        torch.nn.init.ones_(style.strength)
    assert not torch.equal(g(noise()), g(noise()))
    g.eval()
    assert torch.equal(g(noise()), g(noise()))
    with_noise = g(noise())
    for style in g.styles:
        torch.nn.init.zeros_(style.strength)
    assert not torch.allclose(g(noise()), with_noise, atol=1e-3)
    assert len(network().state_dict()) == len(g.state_dict()) - 6  # a strength and a noise in each of three layers


def test_mixed_styles_are_those_of_two_samples():
    g = network(32, style_mixing=1.0)
    w = torch.arange(1000.0)[:, None, None].expand(-1, 3, 12)
    mixed = g._mixed(w)
    own, others = mixed == w, mixed == w.roll(1, dims=0)
    assert (own ^ others).all() and own[:, 0].all() and others[:, -1].all()
    assert 300 < others[:, 1, 0].sum() < 700  # from the second layer on, or from the third
    some = network(32, style_mixing=0.25)._mixed(w)
    assert 180 < (some[:, -1, 0] != w[:, -1, 0]).sum() < 320
    g.eval()
    assert torch.equal(g(noise()), g.synthesis(g.mapping(noise())))


def test_settings_reach_a_run():
    common = {"network": "style", "width": 4, "latent": 4, "style": 8, "steps": 4, "quiet": True, "evaluate_every": 0}
    changes = [{}, {"mapping_layers": 1}, {"style": 6}, {"noise_inputs": True}, {"style_mixing": 0.9}, {"width": 6}]
    images = [gansmith.train("nsgan", **common | change).sample(4) for change in changes]
    assert all(not torch.equal(a, b) for i, a in enumerate(images) for b in images[:i])


@pytest.mark.parametrize(
    ("recipe", "asked"), [("cdcgan", {"labels": ["3"] * 4}), ("attribute-gan", {"attributes": {"bold": 1}})]
)
def test_it_takes_conditions_and_is_loaded_again(recipe, asked, tmp_path):
    settings = {"network": "style", "width": 4, "style": 8, "steps": 2, "quiet": True, "evaluate_every": 0}
    gan = gansmith.train(recipe, tmp_path / "run", **settings)
    loaded = gansmith.load(tmp_path / "run")
    assert isinstance(gan.generator.generator, StyleGenerator)
    theirs = zip(gan.generator.parameters(), loaded.generator.parameters(), strict=True)
    assert all(a.stride() == b.stride() for a, b in theirs)  # or a sample differs in its last bit
    assert torch.equal(
        loaded.sample(4, seed=2, truncation=0.7, **asked), gan.sample(4, seed=2, truncation=0.7, **asked)
    )
    assert not torch.equal(loaded.sample(4, seed=2, **asked), gan.sample(4, seed=2, truncation=0.7, **asked))


def test_a_run_goes_on_bit_for_bit(tmp_path):
    settings = {"network": "style", "width": 4, "style": 8, "noise_inputs": True, "style_mixing": 0.5, "quiet": True}
    settings |= {"evaluate_every": 0, "checkpoint_every": 3}
    whole = gansmith.train("nsgan", steps=6, **settings)
    gansmith.train("nsgan", tmp_path / "run", steps=3, **settings)
    gansmith.resume(tmp_path / "run", steps=6, quiet=True)
    assert torch.equal(gansmith.load(tmp_path / "run").sample(4), whole.sample(4))


def test_vectors_are_refused():
    with pytest.raises(GansmithError, match="vectors: this family makes images alone"):
        gansmith.train("nsgan", data="ring", vectors="style", steps=1, quiet=True)


@pytest.mark.parametrize(("side", "layers"), [(8, 2), (16, 3), (32, 4)])
def test_styles_are_mixed_from_the_second_layer_on(side, layers):
    g = network(side, style_mixing=1.0)
    assert len(g.styles) == layers
    w = torch.arange(200.0)[:, None, None].expand(-1, layers, 12)
    others = g._mixed(w) == w.roll(1, dims=0)
    assert not others[:, 0].any() and others[:, -1].all()
