"""The rivals by squared error are one flag away from the games with an adversary, and the same networks."""

import pytest
import torch

import gansmith
from gansmith.errors import GansmithError
from gansmith.recipes.composition import from_dict, suited, to_dict
from gansmith.settings import name_of
from gansmith.training.assemble import assemble

SMALL = {"data": "digits", "width": 4, "batch": 8, "latent": 5, "device": "cpu"}


def played(name, steps=3, **changes):
    trainer = assemble(gansmith.recipe(name, **SMALL | changes))
    trainer.run(steps)
    return trainer


def weights(trainer):
    return {name: {k: v.clone() for k, v in m.state_dict().items()} for name, m in trainer.game.networks.items()}


def same(a, b):
    return list(a) == list(b) and all(torch.equal(a[n][k], b[n][k]) for n in a for k in a[n])


def test_vae_gan_without_its_adversary_and_features_is_the_vae():
    vae = weights(played("vae"))
    assert same(vae, weights(played("vae-gan", adversarial=0)))  # pixel weight 1 is its default
    assert same(vae, weights(played("vae-gan", adversarial=0, feature_error=0, reconstruction=1)))
    assert not same(vae, weights(played("vae-gan", adversarial=0, reconstruction=2)))
    whole = weights(played("vae-gan"))
    assert not torch.equal(whole["encoder"]["0.0.weight"], vae["encoder"]["0.0.weight"])


@pytest.mark.parametrize("name", ["inpaint", "superres"])
def test_only_the_loss_differs(name):
    both = [assemble(gansmith.recipe(name, **SMALL | changes)) for changes in ({}, {"adversarial": 0})]
    generators = [weights(trainer)["generator"] for trainer in both]
    assert all(torch.equal(v, generators[1][k]) for k, v in generators[0].items())
    rounds = [next(trainer.rounds) for trainer in both]
    assert all(torch.equal(getattr(rounds[0], part), getattr(rounds[1], part)) for part in "xzc")
    assert list(both[0].game.players) == ["discriminator", "generator"] and list(both[1].game.players) == ["generator"]
    assert "discriminator" not in both[1].game.networks
    costs = [trainer.game.cost("generator", turn) for trainer, turn in zip(both, rounds, strict=True)]
    assert costs[0] > costs[1]  # by the adversary's share
    torch.testing.assert_close(both[0].game.report()["generator/answer"], both[1].game.report()["generator/answer"])


def test_what_looks_at_the_discriminator_goes_with_it_and_what_is_asked_for_is_refused():
    assert [name_of(t) for t in gansmith.recipe("vae-gan", adversarial=0).terms] == ["posterior", "reconstruction"]
    assert [name_of(t) for t in gansmith.recipe("inpaint", r1=1.0).terms] == ["adversarial", "r1", "answer"]
    with pytest.raises(GansmithError, match="r1 looks at the discriminator, which --adversarial 0 takes out"):
        gansmith.recipe("inpaint", adversarial=0, r1=1.0)
    bare = gansmith.recipe("inpaint", adversarial=0)
    assert from_dict(to_dict(bare)) == bare and list(bare.players) == ["generator"]
    ring = suited(gansmith.recipe("vae-gan", adversarial=0), (2,))
    assert list(ring.players) == ["encoder", "generator"] and ring.terms[1].weight == 50


def test_bigan_without_its_adversary_is_an_autoencoder():
    bare = gansmith.recipe("bigan", bidirectional=0, reconstruction=1)
    assert [*bare.players] == ["encoder", "generator"] and [name_of(t) for t in bare.terms] == ["reconstruction"]
    trainer = played("bigan", steps=1, bidirectional=0, reconstruction=1)
    turn = next(trainer.rounds)
    encoder, generator = (trainer.game.networks[name] for name in ("encoder", "generator"))
    cost = trainer.game.cost("encoder", turn)
    with torch.no_grad():
        error = (generator(encoder(turn.x)[:, :5]) - turn.x).square().sum() / len(turn.x)
    assert cost.item() == pytest.approx(float(error), rel=1e-4)
    with pytest.raises(GansmithError, match="r1 looks at the discriminator, which --bidirectional 0 takes out"):
        gansmith.recipe("bigan", bidirectional=0, reconstruction=1, r1=1.0)


def test_a_game_of_noise_alone_needs_its_adversary():
    with pytest.raises(GansmithError, match="no term gives the generator a cost"):
        assemble(gansmith.recipe("dcgan", **SMALL, adversarial=0))


@pytest.mark.parametrize(
    ("name", "changes"),
    [("inpaint", {"hole": 0.25}), ("inpaint", {"hole_at": "centre"}), ("inpaint", {"blocks": 1}),
     ("superres", {"shrink": 2}), ("superres", {"answer": 2.0}), ("superres", {"generator_scale": 0.1}),
     ("vae", {"posterior": 0.5}), ("vae-gan", {"feature_error": 0.0}), ("vae-gan", {"generator_share": 0.5}),
     ("bigan", {"loss": "hinge"}), ("inpaint", {"seen": "small"})],
)  # fmt: skip
def test_every_setting_does_something(name, changes):
    assert not same(weights(played(name)), weights(played(name, **changes)))


@pytest.mark.parametrize("name", ["inpaint", "superres"])
def test_vectors_and_labels_are_refused_in_one_line(name):
    with pytest.raises(GansmithError, match="is a picture, and these samples are vectors"):
        assemble(gansmith.recipe(name, data="ring"))
    with pytest.raises(GansmithError, match="goes with neither labels nor attributes: use --condition none"):
        assemble(gansmith.recipe(name, data="digits", condition="labels"))
    with pytest.raises(GansmithError, match="DCGAN takes noise alone"):
        assemble(gansmith.recipe(name, data="digits", network="dcgan"))


def test_an_encoder_learns_the_posterior_of_a_linear_model():
    """x = z + noise of variance 1/2: the VAE's own encoder reaches q(z|x) = N(2/3 x, 1/3), where KL and error meet."""
    rng = torch.Generator().manual_seed(0)
    z = torch.randn(4000, 1, generator=rng)
    x = z + 0.5**0.5 * torch.randn(4000, 1, generator=rng)
    few = {"generator_layers": 0, "latent": 1, "hidden": 16, "discriminator_layers": 1, "lr": 5e-3, "device": "cpu"}
    changes = {"standardize": False, "reconstruction": 1.0, "steps": 800, **few}
    trainer = assemble(gansmith.recipe("vae", **changes), x)
    trainer.run(800)
    with torch.no_grad():
        grid = torch.tensor([[-1.5], [0.0], [1.5]])
        mean, log_variance = trainer.game.networks["encoder"](grid).chunk(2, dim=1)
        slope = float(trainer.game.networks["generator"](torch.tensor([[0.0], [1.0]])).diff(dim=0))
    assert abs(slope) == pytest.approx(1, abs=0.15)
    assert float(mean[2] - mean[0]) / slope == pytest.approx(2, abs=0.4)
    assert log_variance.exp().flatten().tolist() == pytest.approx([1 / 3] * 3, abs=0.12)
