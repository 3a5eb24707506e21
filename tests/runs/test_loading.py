"""Loading more than the averaged generator: the raw one, and the discriminator."""

import shutil

import pytest
import torch
from torch import nn

import gansmith
from gansmith.errors import GansmithError
from gansmith.training.assemble import assemble

SMALL = {"steps": 6, "batch": 12, "width": 4, "hidden": 8, "latent": 5, "evaluate_every": 3}
TINY = SMALL | {"image_size": 8}
RECIPES = ["cdcgan", "sngan", "ebgan", "pacgan", "infogan", "minibatch"]


def played(recipe, steps=6):
    trainer = assemble(recipe)
    for _ in trainer.steps(steps):
        pass
    return trainer


@pytest.mark.parametrize("name", RECIPES)
def test_raw_generator_and_discriminator_are_those_that_were_trained(tmp_path, name):
    recipe = gansmith.recipe(name, **TINY | {"evaluate_every": 0})
    here = gansmith.train(recipe, tmp_path / "run", quiet=True)
    networks = played(recipe).game.networks
    raw = gansmith.load(tmp_path / "run", generator="raw")
    assert (raw.step, raw.run, raw.shape, raw.vocabulary) == (6, here.run, here.shape, here.vocabulary)
    averaged = gansmith.load(tmp_path / "run")
    assert not torch.allclose(raw.sample(4), averaged.sample(4))
    torch.testing.assert_close(averaged.sample(4), here.sample(4))
    pairs = [(raw.generator, "generator")] + [(gan.discriminator, "discriminator") for gan in (raw, averaged, here)]
    for network, which in pairs:
        expected = networks[which].state_dict()
        assert network.state_dict().keys() == expected.keys() and not network.training
        assert all(torch.equal(value, expected[key]) for key, value in network.state_dict().items()), which
        assert not any(p.requires_grad for p in network.parameters())
    assert averaged.discriminator is averaged.discriminator


def test_the_best_generator_has_the_discriminator_of_its_own_step(tmp_path):
    recipe = gansmith.recipe("nsgan", **SMALL | {"data": "ring", "steps": 9, "best_by": "fid", "standardize": False})
    gansmith.train(recipe, tmp_path / "run", quiet=True)
    best = gansmith.load(tmp_path / "run", generator="best")
    expected = played(recipe, best.step).game.networks["discriminator"].state_dict()
    assert best.step in (3, 6, 9)
    assert all(torch.equal(v, expected[k]) for k, v in best.discriminator.state_dict().items())


def pair():
    return nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 2)), nn.Sequential(nn.Linear(2, 8), nn.Linear(8, 1))


def test_networks_of_one_s_own(tmp_path):
    mine = pair()
    recipe = gansmith.recipe("nsgan", data="ring", **SMALL | {"evaluate_every": 0})
    gansmith.train(recipe, tmp_path / "run", networks=mine, quiet=True)
    others = pair()
    before = [p.clone() for network in others for p in network.parameters()]
    gan, raw = (gansmith.load(tmp_path / "run", others, generator=which) for which in ("last", "raw"))
    for form in ([*others], {"generator": others[0], "discriminator": others[1]}):
        again = gansmith.load(tmp_path / "run", form)
        assert torch.equal(again.sample(2), gan.sample(2)) and again.discriminator(torch.ones(2, 2)).shape == (2, 1)
    x = torch.randn(3, 2)
    torch.testing.assert_close(gan.discriminator(x), mine[1](x).detach())
    torch.testing.assert_close(raw.generator(torch.ones(2, 5)), mine[0].eval()(torch.ones(2, 5)).detach())
    after = [p for network in others for p in network.parameters()]
    assert all(torch.equal(a, b) and b.requires_grad for a, b in zip(before, after, strict=True))  # they are copied
    with pytest.raises(GansmithError, match="networks of your own: pass the pair as networks="):
        gansmith.load(tmp_path / "run", others[0]).discriminator  # noqa: B018
    with pytest.raises(GansmithError, match="networks of your own: pass the generator as networks="):
        gansmith.load(tmp_path / "run", generator="raw")
    with pytest.raises(GansmithError, match=r"the discriminator of .*run does not fit the given one \("):
        gansmith.load(tmp_path / "run", (others[0], nn.Linear(2, 1))).discriminator  # noqa: B018
    with pytest.raises(GansmithError, match=r"the generator of .*run does not fit the given one \("):
        gansmith.load(tmp_path / "run", nn.Linear(5, 2), generator="raw")


@pytest.mark.parametrize(
    ("how", "line"),
    [
        ({"networks": nn.Linear}, "networks"),
        ({"networks": (nn.Linear, None)}, "networks: the generator is a type; give a module, or a pair of them"),
        ({"networks": {"generator": "mlp"}}, "networks: the generator is a str; give a module"),
        ({"generator": "averaged"}, "unknown generator 'averaged': Known: best, last, raw"),
        ({"generator": None}, "unknown generator 'None'"),
    ],
)
def test_what_is_no_network_and_no_generator_is_one_line(tmp_path, how, line):
    with pytest.raises(GansmithError, match=line) as caught:
        gansmith.load(tmp_path, **how)
    assert "\n" not in str(caught.value)


def test_a_generator_alone_has_neither(tmp_path):
    recipe = gansmith.recipe("dcgan", **TINY | {"steps": 2, "evaluate_every": 0})
    gansmith.train(recipe, tmp_path / "run", quiet=True)
    file = shutil.copy(tmp_path / "run" / "generator.safetensors", tmp_path / "bird.safetensors")
    with pytest.raises(GansmithError, match=r"bird.safetensors is a generator alone: gansmith.load its run folder"):
        gansmith.load(file).discriminator  # noqa: B018
    with pytest.raises(GansmithError, match=r"bird.safetensors holds one generator, the averaged one"):
        gansmith.load(file, generator="raw")
    shutil.rmtree(tmp_path / "run" / "checkpoints")
    gan = gansmith.load(tmp_path / "run")  # which is as good as ever
    with pytest.raises(GansmithError, match="no checkpoint yet"):
        gan.discriminator  # noqa: B018
    with pytest.raises(GansmithError, match="no checkpoint yet"):
        gansmith.load(tmp_path / "run", generator="raw")


def test_loading_draws_nothing_from_the_host_s_stream(tmp_path):
    recipe = gansmith.recipe("dcgan", **TINY | {"steps": 2, "evaluate_every": 0})
    gansmith.train(recipe, tmp_path / "run", quiet=True)
    torch.manual_seed(3)
    before = torch.get_rng_state()
    for which in ("last", "raw"):
        gansmith.load(tmp_path / "run", generator=which).discriminator  # noqa: B018
    gansmith.load(tmp_path / "run" / "generator.safetensors")
    assert torch.equal(torch.get_rng_state(), before)


def test_the_raw_generator_is_measured_like_any_other(tmp_path):
    recipe = gansmith.recipe("nsgan", data="ring", **SMALL | {"evaluate_every": 0})
    gansmith.train(recipe, tmp_path / "run", quiet=True)
    last, raw = (gansmith.evaluate(tmp_path / "run", samples=200, generator=which) for which in ("last", "raw"))
    assert raw.about["generator"] == "raw" and raw.metrics["fid"] != last.metrics["fid"]
    given = gansmith.evaluate(gansmith.load(tmp_path / "run", generator="raw"), samples=200)
    assert given.metrics["fid"] == pytest.approx(raw.metrics["fid"])
