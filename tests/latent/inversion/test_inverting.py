"""Own samples are found again; the encoder, the steps, the prior and the restarts each do what they say."""

import dataclasses

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.generators.latents import Latents
from gansmith.latent import Coordinates, Search, Space, invert, learn_encoder, noise_of, tuned
from gansmith.latent.inversion import encoder as encoding
from gansmith.latent.inversion import noise as noising
from gansmith.latent.measures import nearness
from gansmith.metrics.likeness import psnr

PICTURES = ["images", "labels", "attributes", "styles", "styles of attributes"]


@pytest.fixture
def coordinates(untrained):
    return Coordinates(Space(untrained("styles")))


@pytest.fixture
def samples(coordinates):
    return coordinates.space.images(coordinates.space.drawn(6, seed=11))


@pytest.mark.parametrize("kind", PICTURES)
def test_own_samples_are_found_again(untrained, kind):
    gan = untrained(kind)
    pictures = gan.sample(5, seed=11)
    found = invert(gan, pictures, search=Search(steps=150, restarts=2))
    others = psnr(gan.sample(5, seed=12), pictures)
    assert found.psnr.median() > others.median() + 8
    assert (
        torch.equal(found.samples, Space(gan).images(found.points))
        or (found.samples - Space(gan).images(found.points)).abs().max() < 1e-4
    )
    torch.testing.assert_close(found.psnr, psnr(found.samples, pictures))
    assert ((found.rarity >= 0) & (found.rarity <= 1)).all() and (found.distance < 0.5).all()
    assert gan.sample(latents=found.latents).shape == pictures.shape


def test_each_step_brings_it_nearer_and_none_leaves_the_start(coordinates, samples):
    still, few, many = (invert(coordinates, samples, search=Search(steps=n)) for n in (0, 10, 60))
    torch.testing.assert_close(still.samples, still.start)
    assert torch.equal(few.start, many.start) and torch.equal(still.pictures, samples)
    assert many.distance.mean() < few.distance.mean() < still.distance.mean()


def test_a_piece_at_a_time_or_one_by_one_is_the_same(coordinates, samples):
    pictures = torch.cat([samples, samples[:3].flip(3)])  # more than one piece
    whole = invert(coordinates, pictures, search=Search(steps=5))
    alone = invert(coordinates, pictures[8:], search=Search(steps=5)).points
    torch.testing.assert_close(whole.points[8:], alone, atol=1e-3, rtol=1e-3)


def test_more_starts_are_never_farther(coordinates, samples):
    one, three = (invert(coordinates, samples, search=Search(steps=20, restarts=n)) for n in (1, 3))
    assert (three.distance <= one.distance + 1e-6).all() and three.distance.sum() < one.distance.sum()


def test_the_prior_holds_points_where_samples_are(coordinates):
    noise = torch.rand(4, 3, 8, 8) * 2 - 1
    free, held = (invert(coordinates, noise, search=Search(steps=80, prior=p)) for p in (0.0, 1.0))
    assert held.rarity.mean() < free.rarity.mean() and held.distance.mean() > free.distance.mean()


def test_an_encoder_reads_samples_that_it_has_not_seen(coordinates, samples):
    network = learn_encoder(coordinates, shown=4000, width=8)
    assert 0.2 < network.r2 <= 1
    found = invert(coordinates, samples, encoder=network, search=Search(steps=0))
    u = coordinates.of(coordinates.space.drawn(6, seed=11))
    told = network(samples)
    assert (told - u).square().mean() < 0.8 * u.square().mean()
    torch.testing.assert_close(coordinates.pictures(told), found.start, atol=1e-4, rtol=1e-4)
    again = learn_encoder(coordinates, shown=4000, width=8)
    assert all(torch.equal(a, b) for a, b in zip(network.parameters(), again.parameters(), strict=True))


def test_an_encoder_is_learnt_once_for_a_generator(coordinates, untrained, tmp_path, monkeypatch):
    monkeypatch.setenv("GANSMITH_CACHE", str(tmp_path))
    assert encoding.kept_encoder(coordinates, shown=300) is None
    first = encoding.encoder_of(coordinates, shown=300)
    monkeypatch.setattr(encoding, "learn_encoder", lambda *_: pytest.fail("learnt again"))
    again = encoding.encoder_of(coordinates, shown=300)
    assert all(torch.equal(a, b) for a, b in zip(first.state_dict().values(), again.state_dict().values(), strict=True))
    assert encoding.kept_encoder(coordinates, shown=301) is None
    other = untrained("styles")
    other.generator.mapping.layers[0].bias.data += 1
    assert encoding.kept_encoder(Coordinates(Space(other)), shown=300) is None


def test_an_encoder_learns_from_two_samples_or_more(coordinates):
    assert learn_encoder(coordinates, shown=2, width=4).r2.isfinite()
    with pytest.raises(GansmithError, match="shown = 1 must be at least 2"):
        learn_encoder(coordinates, shown=1)


def test_labels_are_read_and_kept(untrained):
    gan = untrained("labels")
    pictures = gan.sample(6, seed=3, labels="bee")
    found = invert(gan, pictures, search=Search(steps=30))
    labels = gan.condition.split(found.latents.c).labels
    assert torch.equal(labels.sum(dim=1), torch.ones(6)) and ((labels == 0) | (labels == 1)).all()
    torch.testing.assert_close(gan.sample(latents=found.latents), found.samples, atol=1e-4, rtol=1e-4)


def test_noise_that_leads_to_styles_is_found(untrained):
    gan = untrained("styles")
    space, latents = Space(gan), gan.latents(6, seed=4)
    points = space.points(latents)
    found = noise_of(space, points)
    u = space.whitening.whitened
    apart = (u(space.points(found)) - u(points)).square().mean(dim=1)
    assert isinstance(found, Latents) and apart.max() < 0.3 and apart.median() < 0.05


def test_a_tuned_generator_is_another_one_and_nearer(coordinates, samples):
    pictures = samples.flip(3)[:2]
    near = nearness(["pixels"], coordinates)
    found = invert(coordinates, pictures, near, search=Search(steps=30))
    before = {name: tensor.clone() for name, tensor in coordinates.space.gan.generator.state_dict().items()}
    other = tuned(coordinates, found.points, pictures, near, steps=60)
    made = Space(other).images(found.points)
    assert (psnr(made, pictures) > found.psnr + 0.5).all()
    assert not any(weight.requires_grad for weight in other.generator.parameters())
    now = coordinates.space.gan.generator.state_dict()
    assert all(torch.equal(before[name], now[name]) for name in before)
    with pytest.raises(GansmithError, match="tune = 0"):
        tuned(coordinates, found.points, pictures, near, steps=0)


@pytest.mark.parametrize(
    ("pictures", "told"),
    [
        (torch.zeros(2, 1, 8, 8), "pictures of shape"),
        (torch.zeros(0, 3, 8, 8), "pictures of shape"),
        (torch.full((1, 3, 8, 8), torch.nan), "NaN"),
    ],
)
def test_pictures_of_another_kind_are_named(coordinates, pictures, told):
    with pytest.raises(GansmithError, match=told):
        invert(coordinates, pictures)


@pytest.mark.parametrize("wrong", [{"steps": -1}, {"restarts": 0}, {"prior": -0.1}, {"rate": 0.0}])
def test_a_search_that_cannot_be_is_named(wrong):
    with pytest.raises(GansmithError, match=f"{next(iter(wrong))} = "):
        dataclasses.replace(Search(), **wrong)


def test_an_encoder_s_samples_are_those_of_its_seed(coordinates, monkeypatch):
    """No two seeds learn from the same samples, none from those that it is scored on, and each knows its own."""
    asked = []
    drawn = coordinates.space.drawn
    coordinates.space.drawn = lambda count, seed=0: asked.append(seed) or drawn(count, seed)
    for seed in (0, 1, 7):
        learn_encoder(coordinates, seed, shown=300, width=4)
    learnt, scored = asked[::2], asked[1::2]
    assert [seed - learnt[0] for seed in learnt] == [0, 1, 7] and len({*scored}) == 1
    assert abs(scored[0] - learnt[0]) > 10**6 and min(*learnt, *scored) > 10**6


def test_what_it_reads_is_held_within_reach(coordinates, monkeypatch):
    """Of a sample far out it learns that it is far out, no more; few samples are."""
    seen = []
    monkeypatch.setattr(encoding, "fit", lambda network, count, loss, *_: seen.append(loss(torch.arange(count))))
    far = coordinates.space.whitening.points(100 * torch.eye(coordinates.size)[:2])
    near = coordinates.space.drawn(6, seed=3)
    for points in (far, near):
        coordinates.space.drawn = lambda count, seed=0, points=points: points[:count]
        monkeypatch.setattr(encoding.Encoder, "forward", lambda self, x: torch.zeros(len(x), 6))
        learn_encoder(coordinates, shown=2, width=4)
    assert 4.5 < float(6 * seen[0]) ** 0.5 < 8  # where one of a million coordinates lies
    assert float(seen[1]) == pytest.approx(float(coordinates.of(near[:2]).square().mean()), rel=1e-4)


def test_noise_is_drawn_towards_the_prior_hardly_at_all(untrained, monkeypatch):
    """Where two noises lead equally near, the shorter one is found: a thousandth of |z|²/latent is its whole weight."""
    gan = untrained("styles")
    space, costs = Space(gan), []

    class Noting(noising.Descent):
        def step(self, cost):
            costs.append((self.u.detach().clone(), super().step(cost)))

    monkeypatch.setattr(noising, "Descent", Noting)
    points = space.drawn(3, seed=5)
    noise_of(space, points)
    for z, cost in (costs[0], costs[-1]):
        u = space.whitening.whitened
        apart = (u(space.points(Latents(z, None))) - u(points)).square().mean(dim=1)
        torch.testing.assert_close(cost, apart + 1e-3 * z.square().mean(dim=1), rtol=1e-3, atol=1e-5)
    assert (costs[-1][1] <= costs[0][1] + 1e-6).all()


@pytest.mark.parametrize("kind", ["images", "labels"])
def test_noise_of_noise_is_itself(untrained, kind):
    space = Space(untrained(kind))
    latents = space.gan.latents(4, seed=2)
    found = noise_of(space, space.points(latents))
    assert torch.equal(found.z, latents.z) and (found.c is None) == (latents.c is None)
    assert latents.c is None or torch.equal(found.c, latents.c)


def test_many_pictures_are_announced_piece_by_piece(coordinates, samples, caplog):
    with caplog.at_level("INFO"):
        invert(coordinates, samples, search=Search(steps=0))
        assert not caplog.messages
        invert(coordinates, samples.repeat(3, 1, 1, 1), search=Search(steps=0))
    assert caplog.messages == [f"inverted {n} of 18 pictures" for n in (8, 16, 18)]


def test_a_tuned_generator_is_announced_and_others_stay(coordinates, samples, caplog):
    """Other samples move less than the picture's own, and a weight by no more than Adam's rate in a step."""
    pictures = samples.flip(3)[:1]
    near = nearness(["pixels"], coordinates)
    found = invert(coordinates, pictures, near, search=Search(steps=30))
    with caplog.at_level("INFO"):
        other = tuned(coordinates, found.points, pictures, near, steps=40)
    assert caplog.messages[-1] == "tuned the generator around 1 pictures: it is another one now"
    strange = coordinates.space.drawn(50, seed=77)
    moved = (Space(other).images(strange) - coordinates.space.images(strange)).square().mean()
    nearer = (Space(other).images(found.points) - coordinates.space.images(found.points)).square().mean()
    assert 0 < moved < nearer
    one = tuned(coordinates, found.points, pictures, near, steps=1).generator
    pairs = zip(one.parameters(), coordinates.space.gan.generator.parameters(), strict=True)
    assert (
        5e-4 < max(float((a - b).detach().abs().max()) for a, b in pairs) < 1.5e-3
    )  # small beside weights of about 0.3


def test_rates_and_steps_of_a_search_are_those_that_are_asked_for(coordinates, samples):
    """Adam's first step is its rate in every coordinate."""
    for rate in (0.05, 0.2):
        still, one = (invert(coordinates, samples[:2], search=Search(steps=n, rate=rate)) for n in (0, 1))
        way = coordinates.of(one.points) - coordinates.of(still.points)
        torch.testing.assert_close(way.abs(), torch.full_like(way, rate), rtol=0.02, atol=1e-3)


def test_a_generator_that_cannot_be_copied_is_not_tuned(coordinates, samples):
    coordinates.space.gan.generator.file = (i for i in range(3))
    near = nearness(["pixels"], coordinates)
    with pytest.raises(GansmithError, match="the generator cannot be copied"):
        tuned(coordinates, coordinates.space.drawn(6, 1), samples, near, steps=1)
