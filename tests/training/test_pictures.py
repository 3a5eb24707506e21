"""What a run shows and writes down: journal, pictures, film, marks."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.training import pictures
from gansmith.training.journal import Journal, read_journal


def test_journal_goes_on_after_the_step_it_resumes_from(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    for step in (10, 20, 30):
        journal.write(step, {"cost": 1 / step, "odd": float("nan")})
    journal.close()
    with path.open("a") as file:
        file.write('{"step": 40, "co')  # killed while writing
    assert [e["step"] for e in read_journal(path)] == [10, 20, 30]
    Journal(path, step=20).close()
    assert read_journal(path) == [{"step": s, "cost": 1 / s, "odd": None} for s in (10, 20)]
    assert all(json.loads(line) for line in path.read_text().splitlines())


def test_tensorboard_has_the_same_numbers(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    journal = Journal(tmp_path / "journal.jsonl")
    for step in (1, 2):
        journal.write(step, {"generator/cost": 0.25 * step})
    journal.close()
    events = EventAccumulator(str(tmp_path)).Reload().Scalars("generator/cost")
    assert [(e.step, e.value) for e in events] == [(1, 0.25), (2, 0.5)]


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
