"""Walks stay on the sphere, keep the prior's statistics, close, and become animations."""

import math

import pytest
import torch
from PIL import Image

from gansmith.errors import GansmithError
from gansmith.generators import Prior
from gansmith.latent.walks.animation import animate
from gansmith.latent.walks.disentangled import disentangled, mutual_information
from gansmith.latent.walks.paths import endless, spherical, through


def test_an_arc_keeps_its_radius_and_its_speed():
    a, b = torch.tensor([2.0, 0.0, 0.0]), torch.tensor([0.0, 2.0, 0.0])
    arc = spherical(a, b, torch.linspace(0, 1, 7))
    torch.testing.assert_close(arc.norm(dim=1), torch.full((7,), 2.0))
    torch.testing.assert_close(arc[3], torch.tensor([math.sqrt(2), math.sqrt(2), 0.0]))
    steps = (arc[1:] - arc[:-1]).norm(dim=1)
    torch.testing.assert_close(steps, steps[:1].expand(6))
    for other in (a, -a):  # no arc, or no shortest one
        line = spherical(a, other, torch.tensor([0.0, 0.5, 1.0]))
        torch.testing.assert_close(line, torch.stack([a, (a + other) / 2, other]))


def test_a_walk_meets_its_stops_and_may_close():
    stops = torch.randn(3, 5, generator=torch.Generator().manual_seed(0))
    opened, closed = through(stops, 4), through(stops, 4, closed=True)
    assert len(opened) == 9 and len(closed) == 12
    for walk in (opened, closed):
        torch.testing.assert_close(walk[[0, 4, 8]], stops)
    straight = through(stops, 2, straight=True)
    torch.testing.assert_close(straight[1], (stops[0] + stops[1]) / 2)
    for wrong in ((stops[:1], 4), (stops, 0)):
        with pytest.raises(GansmithError, match="are no walk"):
            through(*wrong)


@pytest.mark.parametrize(
    ("prior", "mean", "square"),
    [
        (Prior(20_000), 0.0, 1.0),
        (Prior(20_000, noise_scale=2.0), 0.0, 4.0),
        (Prior(20_000, noise="uniform"), 0.0, 1 / 3),
    ],
)
def test_each_frame_of_an_endless_walk_is_a_draw_from_the_prior(prior, mean, square):
    z = endless(prior, 12, seed=3)
    assert z.mean(dim=1).sub(mean).abs().max() < 0.04
    torch.testing.assert_close(z.square().mean(dim=1), torch.full((12,), square), rtol=0.06, atol=0)
    steps = (z.roll(-1, dims=0) - z).norm(dim=1)  # the last to the first is a step like any other
    assert steps.max() < 1.1 * steps.min()
    assert torch.equal(endless(prior, 12, seed=3), z) and not torch.equal(endless(prior, 12, seed=4), z)
    with pytest.raises(GansmithError, match="are no walk"):
        endless(prior, 1)


@pytest.mark.parametrize("kind", ["gif", "apng", "webp"])
def test_animations_have_all_frames_and_no_end(tmp_path, kind):
    frames = torch.linspace(-1, 1, 6)[:, None, None, None].expand(6, 3, 8, 8)
    animate(frames, tmp_path / f"a.{kind}", fps=20)
    with Image.open(tmp_path / f"a.{kind}") as image:
        assert image.n_frames == 6 and image.size == (192, 192) and image.info["loop"] == 0
        image.seek(5)
        assert image.info.get("duration", 50) == 50 and image.convert("RGB").getpixel((5, 5))[0] > 245
    for wrong, told in (
        ({"out": tmp_path / "a.mp4"}, "use FILE.gif"),
        ({"fps": 0}, "fps = 0"),
        ({"images": []}, "needs"),
    ):
        with pytest.raises(GansmithError, match=told):
            animate(**{"images": frames, "out": tmp_path / "b.gif", **wrong})


def factors(count=4000):
    rng = torch.Generator().manual_seed(0)
    x = torch.randn(count, 6, generator=rng)
    return x, (x[:, :3] > 0).float()


def test_one_coordinate_a_factor_is_disentangled_and_a_rotation_is_not():
    x, y = factors()
    apart = disentangled(x, y)
    turned = torch.linalg.qr(torch.randn(6, 6, generator=torch.Generator().manual_seed(1))).Q
    mixed = disentangled(x @ turned, y)
    assert apart.disentanglement > 0.95 and apart.completeness > 0.95 and apart.gap > 0.9
    assert mixed.disentanglement < 0.6 and mixed.completeness < 0.6 and mixed.gap < 0.4
    assert (
        apart.informativeness == pytest.approx(mixed.informativeness, abs=0.05) == pytest.approx(2 / math.pi, abs=0.08)
    )


def test_mutual_information_is_in_closed_form():
    x, y = factors(20_000)
    information = mutual_information(x.double(), y.double())
    expected = torch.zeros(6, 3, dtype=torch.double)
    expected[range(3), range(3)] = math.log(2)
    torch.testing.assert_close(information, expected, atol=0.02, rtol=0)


def test_factors_that_never_change_are_left_out():
    x, y = factors()
    assert disentangled(x, torch.cat([y, torch.ones(len(y), 1)], dim=1)) == disentangled(x, y)
    for wrong in ((x, y[:, :1]), (x[:5], y), (x[:, :1], y)):
        with pytest.raises(GansmithError, match="disentanglement"):
            disentangled(*wrong)


@pytest.mark.parametrize("apart", [0.0, 5e-5, 2e-4, 1.0, math.pi - 2e-4, math.pi - 5e-5])
def test_an_arc_is_a_line_where_it_hardly_turns_or_turns_right_round(apart):
    """Of unit vectors the middle of an arc is one, that of a line is shorter by the cosine of half the angle."""
    a, b = (torch.tensor([math.cos(t), math.sin(t)], dtype=torch.double) for t in (0.0, apart))
    middle = spherical(a, b, torch.tensor([0.5]).double())[0]
    line = min(apart, math.pi - apart) < 1e-4
    assert float(middle.norm()) == pytest.approx(math.cos(apart / 2) if line else 1.0, abs=1e-9 if apart < 2 else 1e-6)


@pytest.mark.parametrize("waves", [1, 2, 3])
def test_frames_of_an_endless_walk_vary_together_by_the_way_between_them(waves):
    """E z(s) z(t) = Σₖ cos 2πk(t − s)/K."""
    z = endless(Prior(200_000), 8, waves=waves).double()
    for lag in range(8):
        expected = sum(math.cos(2 * math.pi * k * lag / 8) for k in range(1, waves + 1)) / waves
        found = [float((z[t] * z[(t + lag) % 8]).mean()) for t in range(8)]
        assert found == pytest.approx([expected] * 8, abs=0.015)
    with pytest.raises(GansmithError, match="2 frames of 0 waves"):
        endless(Prior(3), 2, waves=0)
    assert len(endless(Prior(3), 2)) == 2


def test_shapes_that_do_not_match_are_named():
    x, y = factors(100)
    for wrong in ((x[:, 0], y), (x, y[:, 0]), (x[:, 0], y[:, 0]), (x[:99], y), (x[:, :1], y)):
        with pytest.raises(GansmithError, match=r"shapes .* are not"):
            disentangled(*wrong)
    disentangled(x[:, :2], y)  # two are enough


def test_a_factor_that_hardly_ever_changes_is_left_out():
    x, y = factors(1000)
    rare = torch.zeros(1000, 1)
    rare[:20] = 1
    assert disentangled(x, torch.cat([y, rare], dim=1)) != disentangled(x, y)
    rare[10:] = 0  # one in a hundred
    for one in (rare, 1 - rare):
        assert disentangled(x, torch.cat([y, one], dim=1)) == disentangled(x, y)


def test_one_coordinate_that_tells_two_factors_has_no_gap_of_its_own():
    """Half of what it tells is of each: 1 − log 2/log 2 = 0 disentangled, though each factor is told by it alone."""
    x = torch.randn(4000, 2, generator=torch.Generator().manual_seed(0))
    y = torch.stack([x[:, 0] > 0, x[:, 0] > 0], dim=1).float()
    found = disentangled(x, y)
    assert found.disentanglement < 0.01 and found.completeness > 0.95 and found.gap > 0.95
