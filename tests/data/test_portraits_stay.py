"""Portraits of a version stay as they are: under the same number, old ones in a cache are taken for new ones."""

import os
from pathlib import Path

import numpy as np
from PIL import Image

from gansmith.data.portraits import draw
from gansmith.data.portraits.chance import Chance
from gansmith.data.portraits.people import People
from gansmith.data.portraits.stored import VERSION
from gansmith.data.portraits.traits import traits

REWRITE = "GANSMITH_REWRITE_GOLDEN"
MEND = f"raise VERSION in data/portraits/stored.py, then rewrite with {REWRITE}=1 pytest {__file__}"
TABLE = Path(__file__).parent / f"portraits-{VERSION}.txt"
SHEET = Path(__file__).parent / f"portraits-{VERSION}.png"


def numbers():
    """Return, by name, the mean and the deviation of every attribute and of every channel of every trait."""
    chance = Chance(0, np.arange(2000))
    people = People(chance)
    found = {f"attribute {name}": values for name, values in people.known.items()}
    for name, values in traits(people, chance).values.items():
        for channel, column in enumerate(values.flatten(1).double().numpy().T):
            found[f"trait {name} {channel}"] = column
    return {name: (values.mean(), values.std()) for name, values in found.items()}


def test_people_and_their_traits():
    found = numbers()
    if os.environ.get(REWRITE):
        TABLE.write_text("".join(f"{name} {mean:.5f} {deviation:.5f}\n" for name, (mean, deviation) in found.items()))
    lines = [line.rsplit(" ", 2) for line in TABLE.read_text().splitlines()]
    expected = {name: (float(mean), float(deviation)) for name, mean, deviation in lines}
    assert [*found] == [*expected], MEND
    for name, pair in expected.items():
        assert np.allclose(found[name], pair, rtol=0, atol=2e-5), f"{name} is another: {MEND}"


def test_the_pictures():
    images, _ = draw(0, range(48), 32)
    sheet = images.view(4, 12, 3, 32, 32).permute(0, 3, 1, 4, 2).reshape(4 * 32, 12 * 32, 3).numpy()
    if os.environ.get(REWRITE):
        Image.fromarray(sheet).save(SHEET, optimize=True)
    expected = np.asarray(Image.open(SHEET))
    apart = np.abs(sheet.astype(int) - expected)
    assert apart.max() <= 2, f"portraits {np.unique(np.argwhere(apart > 2)[:, :2] // 32, axis=0)} are others: {MEND}"
