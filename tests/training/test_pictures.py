"""What a run shows: pictures, film, marks."""

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.training import pictures


def test_marks_are_one_two_five():
    assert [s for s in range(12_000) if pictures.is_mark(s)] == [100, 200, 500, 1000, 2000, 5000, 10_000]


def test_bytes_go_round_through_a_picture():
    original = torch.arange(256, dtype=torch.uint8).reshape(1, 16, 16)
    image = original.float() / 127.5 - 1
    assert np.array_equal(np.asarray(pictures.to_picture(image)), original[0].numpy())
    colour = torch.stack([image[0], -image[0], image[0]])
    assert pictures.to_picture(colour).getpixel((3, 0)) == (3, 252, 3)


def test_grid_lays_rows_and_enlarges_in_whole_steps():
    images = torch.linspace(-1, 1, 5)[:, None, None, None].expand(5, 1, 8, 8)
    sheet = pictures.grid(images, columns=3, tile=16, gap=2)
    assert sheet.size == (3 * 18 + 2, 2 * 18 + 2)
    centres = [sheet.getpixel((10 + 18 * (i % 3), 10 + 18 * (i // 3)))[0] for i in range(6)]
    assert centres == [0, 64, 128, 191, 255, 255]  # the sixth place is paper


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_scatter_shows_generated_points_where_they_are(dimension):
    real, fake = torch.randn(200, dimension), torch.randn(200, dimension)
    with_fakes, without = pictures.scatter(fake, real), pictures.scatter(fake[:0], real)
    orange = [np.count_nonzero(_is_orange(np.asarray(p))) for p in (with_fakes, without)]
    assert orange[0] > 5 * orange[1]  # the legend alone has a little


def _is_orange(pixels):
    red, green, blue = (pixels[..., i].astype(int) for i in range(3))
    return (red > 180) & (green < 150) & (blue < 120)


def test_film_has_every_frame_once_and_rests_at_the_end(tmp_path):
    frames = []
    for i, shade in enumerate((0, 90, 180)):
        frames.append(tmp_path / f"{i}.png")
        pictures.save_picture(Image.new("RGB", (20, 20), (shade, shade, shade)), frames[-1])
    pictures.film(frames, tmp_path / "film.gif")
    film = Image.open(tmp_path / "film.gif")
    assert film.n_frames == 3
    durations = []
    for i in range(3):
        film.seek(i)
        durations.append(film.info["duration"])
    assert durations[-1] > durations[0] == durations[1]
