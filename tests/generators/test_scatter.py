"""Points as pictures: real ones below generated ones, in a frame of the real ones."""

import numpy as np
import pytest
import torch
from matplotlib.axes import Axes

from gansmith.generators.pictures import grid, scatter

ORANGE, GRAY = (0xD9, 0x48, 0x0F), (0x9A, 0xA5, 0xB1)


def share(picture, colour, near=60):
    """Return how much of a picture is about of a colour, and the mean place of that, from 0 to 1."""
    pixels = np.asarray(picture.convert("RGB"), dtype=int)
    here = (np.abs(pixels - np.array(colour)).sum(axis=2) < near).nonzero()
    return len(here[0]) / pixels[..., 0].size, tuple(
        float(axis.mean()) / n for axis, n in zip(here, pixels.shape, strict=False)
    )


@pytest.mark.parametrize("numbers", [1, 2, 3])
def test_both_kinds_of_points_are_there(numbers):
    rng = torch.Generator().manual_seed(0)
    real, fake = (torch.randn(400, numbers, generator=rng) for _ in range(2))
    both, alone = scatter(fake, real), scatter(fake, real[:0])
    assert both.size == (500, 530)  # the legend stands below
    assert share(both, ORANGE, 150)[0] > 0.0004 and share(both, GRAY)[0] > 0.0003
    assert share(alone, ORANGE, 150)[0] > 0.0004 and share(alone, GRAY)[0] < share(both, GRAY)[0] / 2


def test_generated_points_stand_where_they_are():
    """In the upper right of the real ones' frame: rows count from above."""
    real = torch.tensor([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]]).repeat(50, 1)
    fake = torch.tensor([[0.9, 0.9]]).repeat(50, 1)
    _, (row, column) = share(scatter(fake, real), ORANGE, 150)
    assert row < 0.35 and column > 0.6


def test_densities_on_the_line_are_of_all_points():
    """A tall histogram of one place is as tall however many points there are."""
    real = torch.linspace(-1, 1, 200)[:, None]
    few, many = (share(scatter(torch.full((n, 1), 0.5), real), ORANGE)[0] for n in (10, 1000))
    assert few == pytest.approx(many, abs=1e-4)


def test_a_grid_has_its_columns_and_gaps():
    images = torch.ones(6, 1, 16, 16)
    assert grid(images, columns=3, tile=16, gap=2).size == (3 * 18 + 2, 2 * 18 + 2)
    assert grid(images, columns=2, tile=16, gap=2).size == (2 * 18 + 2, 3 * 18 + 2)


def test_a_fourth_channel_says_how_opaque_a_pixel_is():
    """Black that is half there is gray on white."""
    image = torch.full((1, 4, 2, 2), -1.0)
    image[0, 3, 0] = 0.0  # byte 128
    image[0, 3, 1] = 1.0
    pixels = np.asarray(grid(image, columns=1, tile=2, gap=0))
    assert abs(int(pixels[0, 0, 0]) - 127) <= 1 and pixels[1, 0, 0] == 0


def labels(monkeypatch, fake, real):
    """Return what the legend says, and the frame."""
    found = []
    legend = Axes.legend
    monkeypatch.setattr(Axes, "legend", lambda axes, *given, **more: found.append(axes) or legend(axes, *given, **more))
    scatter(fake, real)
    names = [handle.get_text() for handle in found[0].get_legend().get_texts()]
    return names, found[0].get_xlim(), found[0].get_ylim()


@pytest.mark.parametrize("numbers", [1, 2])
def test_the_frame_holds_the_real_points_with_some_room_and_others_are_counted(monkeypatch, numbers):
    """A tenth of their range beyond them is inside, a fifth is not; each point counts once."""
    real = torch.tensor([[0.0, 0.0], [10.0, 20.0]])[:, :numbers]
    near = torch.tensor([[-1.0, -2.0], [11.0, 22.0], [5.0, 5.0]])[:, :numbers]
    far = torch.tensor([[-2.0, 5.0], [12.0, 24.0], [12.0, -9.0]])[:, :numbers]
    names, across, up = labels(monkeypatch, near, real)
    assert sorted(names) == ["generated", "real"] and -2 < across[0] < -1 and 11 < across[1] < 12
    assert numbers == 1 or (-4 < up[0] < -2 and 22 < up[1] < 24)
    assert sorted(labels(monkeypatch, torch.cat([near, far]), real)[0]) == ["generated, 3 outside", "real"]


def test_densities_on_the_line_add_up_to_one(monkeypatch):
    seen = []
    hist = Axes.hist
    monkeypatch.setattr(Axes, "hist", lambda axes, x, bins, **more: seen.append((hist(axes, x, bins, **more), bins)))
    scatter(torch.randn(300, 1) * 0.1, torch.linspace(-1, 1, 200)[:, None])
    for (heights, edges, _), _ in seen:
        assert float((heights * np.diff(edges)).sum()) == pytest.approx(1)
        assert 40 < len(heights) < 150  # fine enough for two humps, coarse enough for a few hundred points
