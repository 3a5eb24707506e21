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
