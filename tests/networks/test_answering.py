"""Networks that answer pictures."""

import pytest
import torch

from gansmith.conditions import Condition
from gansmith.errors import GansmithError
from gansmith.networks import DCGAN, Conditioning, ImageToImage, build_generator
from gansmith.networks.seen import Masked, Small

SHOWN = {"hole": Masked(), "twice": Small(2), "four times": Small(4), "eight times": Small(8)}


def answering(seen, side=32, channels=3, latent=5, condition=None, **settings):
    torch.manual_seed(0)
    shape = (channels, side, side)
    layout = condition or Condition(view=seen.shape(shape))
    return build_generator(ImageToImage(width=4, **settings), latent, shape, layout, Conditioning(seen=seen))


def questions(seen, n=3, side=32, channels=3, latent=5, codes=0):
    rng = torch.Generator().manual_seed(0)
    x = torch.rand(n, channels, side, side, generator=rng) * 2 - 1
    z, c = torch.randn(n, latent, generator=rng), torch.randn(n, codes, generator=rng)
    return x, z, torch.cat([c, seen.show(x, rng).flatten(1)], dim=1)


@pytest.mark.parametrize("side", [16, 32, 64])
@pytest.mark.parametrize("seen", SHOWN)
def test_it_answers_with_whole_pictures_that_keep_to_what_was_seen(seen, side):
    seen = SHOWN[seen]
    network = answering(seen, side)
    x, z, c = questions(seen, side=side)
    answers = network(z, c)
    assert answers.shape == x.shape
    shown = c.reshape(3, *seen.shape((3, side, side)))
    torch.testing.assert_close(seen.kept(answers, shown), answers)
    assert not torch.allclose(network(z + 1, c), answers)  # the noise tells answers apart


def test_what_is_seen_matters_and_how_wide_and_deep_it_is():
    seen = SHOWN["hole"]
    network, (_, z, c) = answering(seen).eval(), questions(seen)
    made = network.network(z, c.reshape(3, 4, 32, 32))
    other = network.network(z, c.flip(0).reshape(3, 4, 32, 32))
    assert not torch.allclose(made, other)
    sizes = [sum(p.numel() for p in answering(seen, blocks=b, generator_norm=n).parameters())
             for b, n in ((1, "batch"), (3, "batch"), (3, "none"))]  # fmt: skip
    assert sizes[0] < sizes[1] > sizes[2]


def test_codes_join_the_noise():
    seen = SHOWN["four times"]
    layout = Condition(continuous=2, view=seen.shape((3, 32, 32)))
    network = answering(seen, condition=layout).eval()
    _, z, c = questions(seen, codes=2)
    moved = c.clone()
    moved[:, :2] += 1
    assert network.network.noise.in_features == 7 and not torch.allclose(network(z, c), network(z, moved))


def test_the_middle_of_a_hole_sees_its_edge():
    """Half of the side is covered: the pixel in its middle has a gradient in what is shown."""
    network = answering(Masked(0.5, "centre"), side=64, channels=1).eval()
    shown = torch.zeros(1, 2, 64, 64, requires_grad=True)
    network.network(torch.zeros(1, 5), shown)[0, 0, 32, 32].backward()
    outside = shown.grad.abs()[0, 0]
    outside[16:48, 16:48] = 0
    assert outside.max() > 0


def test_families_that_take_noise_alone_say_so():
    seen = Masked()
    with pytest.raises(GansmithError, match="DCGAN takes noise alone, and seen = masked shows it pictures"):
        build_generator(DCGAN(), 5, (1, 16, 16), Condition(view=seen.shape((1, 16, 16))), Conditioning(seen=seen))
    with pytest.raises(GansmithError, match="image-to-image answers pictures: use --seen masked or small"):
        build_generator(ImageToImage(), 5, (1, 16, 16))
