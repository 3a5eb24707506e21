"""Single coordinates of noise, styles and codes are moved, and what they move is told."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.generators import Prior, TrainedGenerator, Vocabulary
from gansmith.generators.vocabulary import layout
from gansmith.latent import Space
from gansmith.latent.walks import traversals
from gansmith.networks import MLP, Conditioning
from gansmith.networks.build import build_generator


@pytest.fixture
def codes():
    """A generator of pictures with a category of three and a continuous code."""
    prior = Prior(4, categorical_codes=1, categories=3, continuous_codes=1)
    conditioning, words = Conditioning(), Vocabulary()
    condition = layout(conditioning, prior, words)
    torch.manual_seed(0)
    network = build_generator(MLP(8), prior.latent, (1, 8, 8), condition, conditioning)
    return TrainedGenerator(network.eval(), (1, 8, 8), prior, conditioning, words)


@pytest.mark.parametrize("which", ["z", "w"])
def test_a_strip_a_coordinate_those_that_move_most_first(untrained, with_directions, which):
    found = traversals.traversed(with_directions(untrained("styles")), which, count=3, columns=5)
    assert found.pictures.shape == (3, 5, 3, 8, 8) and found.moved.shape == (3, 2) and found.attributes == ("a", "b")
    most = found.moved.amax(dim=1)
    assert (most[:-1] >= most[1:]).all() and most[0] > 0.05
    assert all(name.startswith(which) for name in found.names)
    assert all(0 <= value <= 1 for value in found.numbers)


def test_codes_are_moved_alone(codes, with_directions):
    movers = traversals._movers(codes, "codes")
    latents = codes.latents(5)
    points = movers.moved(latents, 3, 2.0)  # the continuous one
    assert torch.equal(points[:, :7], Space(codes).points(latents)[:, :7]) and (points[:, 7] == 2).all()
    on, off = movers.moved(latents, 1, 2.0)[:, 4:7], movers.moved(latents, 1, -2.0)[:, 4:7]
    assert torch.equal(on, torch.tensor([0.0, 1, 0]).expand(5, 3)) and torch.equal(
        off, torch.tensor([0.0, 0, 1]).expand(5, 3)
    )
    assert traversals.traversed(with_directions(codes), "codes").pictures.shape[0] == 4


def test_coordinates_that_are_not_there_are_named(untrained, codes, with_directions):
    with pytest.raises(GansmithError, match="has no styles w"):
        traversals.traversed(with_directions(codes), "w")
    with pytest.raises(GansmithError, match="has no codes"):
        traversals.traversed(with_directions(untrained("styles")), "codes")
    with pytest.raises(GansmithError, match="learn them first"):
        traversals.traversed(untrained("styles"), "z")


@pytest.mark.parametrize("k", [0, 1, 2])
def test_a_category_is_on_on_one_side_and_another_on_the_other(codes, k):
    """At the end and just beside the middle; in the middle itself the other one is."""
    movers = traversals._movers(codes, "codes")
    latents = codes.latents(5)
    for to, on in ((2.0, k), (0.25, k), (0.0, (k + 1) % 3), (-0.25, (k + 1) % 3), (-2.0, (k + 1) % 3)):
        moved = movers.moved(latents, k, to)
        assert torch.equal(moved[:, 4:7], torch.eye(3)[on].expand(5, 3))
        assert torch.equal(moved[:, [0, 1, 2, 3, 7]], Space(codes).points(latents)[:, [0, 1, 2, 3, 7]])


@pytest.mark.parametrize("kind", ["styles", "labels"])
def test_noise_is_put_where_it_is_asked_for_and_styles_in_deviations(untrained, kind):
    gan = untrained(kind)
    latents, space = gan.latents(6), Space(gan)
    movers = traversals._movers(gan, "z")
    assert len([*movers]) == 5 and torch.equal(movers.coordinates(latents), latents.z)
    z = latents.z.clone()
    z[:, 2] = 1.5
    assert torch.equal(movers.moved(latents, 2, 1.5), space.points(latents._replace(z=z)))
    if kind != "styles":
        return
    movers = traversals._movers(gan, "w")
    u = movers.coordinates(latents)
    torch.testing.assert_close(u, space.whitening.whitened(space.points(latents)))
    moved = space.whitening.whitened(movers.moved(latents, 2, -1.5))
    expected = u.clone()
    expected[:, 2] = -1.5
    torch.testing.assert_close(moved, expected, atol=1e-4, rtol=0)


def test_strips_run_from_two_deviations_below_to_two_above(untrained, with_directions):
    gan = with_directions(untrained("styles"))
    found = traversals.traversed(gan, "z", count=2, columns=3, seed=4)
    movers, person = traversals._movers(gan, "z"), gan.latents(1, 4)
    for name, row in zip(found.names, found.pictures, strict=True):
        k = int(name[1:]) - 1
        expected = torch.cat([Space(gan).images(movers.moved(person, k, to)) for to in (-2.0, 0.0, 2.0)])
        torch.testing.assert_close(row, expected)
    people = gan.latents(traversals.PEOPLE, traversals.SEED)
    k = int(found.names[0][1:]) - 1
    ends = [traversals._told(gan.directions, movers.moved(people, k, to)) for to in (2.0, -2.0)]
    torch.testing.assert_close(found.moved[0], (ends[0] - ends[1]).abs().mean(dim=0))
