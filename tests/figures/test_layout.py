"""What a figure says can be read: no words over each other, over a line or cut off, and nothing as raw mathtext."""

import re

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from gansmith.figures import FIGURES, figure

SHORT = {
    "optimal-discriminator": {"steps": 6},
    "transport": {"steps": 1},
    "naive-critic": {"steps": 20},
    "critic-value": {"steps": 10},
    "clipping": {"steps": 2},
    "two-answers": {"steps": 2},
    "dirac": {"steps": 3},
}
"""What is trained for its picture is trained shortly here; its words stand where they will stand."""
LONG = {
    "normal1d",
    "value-surface",
    "collapse-few",
    "collapse-one",
    "collapse-hopping",
    "gan-and-wgan",
    "critic-gradient",
    "densities",
}
PLOTTED = {"losses", "cross-entropy", "information", "expectation", "plans", "divergences", "players", "hand-walk"}
"""Figures whose lines are where they are whatever is trained: no name may lie on one of them."""


def words(sheet):
    """Yield every text but ticks, with its box in pixels."""
    canvas = FigureCanvasAgg(sheet)
    canvas.draw()
    renderer = canvas.get_renderer()
    found = [*sheet.texts, *(legend_text for legend in sheet.legends for legend_text in legend.get_texts())]
    for axes in sheet.axes:
        found += [axes.title, *axes.texts]
        found += [axes.xaxis.label, axes.yaxis.label] if axes.axison else []
        found += axes.get_legend().get_texts() if axes.get_legend() else []
    for text in found:
        if text.get_visible() and text.get_text().strip():
            yield text, Text.get_window_extent(text, renderer)  # of the letters: an annotation's arrow may cross others


def line_points(sheet):
    """Return points along all lines within their plots, in pixels, close together."""
    points = []
    for axes in sheet.axes:
        frame = axes.get_window_extent()
        for line in axes.get_lines():
            at = line.get_transform().transform(np.array(line.get_xydata(), dtype=float))
            if len(at) > 1 and line.get_linestyle() != "None":
                part = np.linspace(0, 1, 12)[:, None, None]
                at = (at[:-1] + part * np.diff(at, axis=0)).reshape(-1, 2)
            points.append(at[((at >= frame.min) & (at <= frame.max)).all(axis=1)])
    return np.concatenate([*points, np.zeros((0, 2))])


def overlapping(one, other):
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    up = min(one.y1, other.y1) - max(one.y0, other.y0)
    return across > 1 and up > 1


@pytest.fixture(scope="module")
def drawn():
    made = {}

    def draw(name):
        made[name] = made.get(name) or figure(name, **SHORT.get(name, {})).frames[0]
        return made[name]

    return draw


@pytest.mark.parametrize("name", [name for name in FIGURES if name not in LONG])
def test_words_are_whole_apart_and_set(name, drawn):
    sheet = drawn(name)
    found = list(words(sheet))
    wide, high = sheet.get_size_inches() * sheet.dpi
    for i, (text, box) in enumerate(found):
        said = text.get_text()
        assert box.x0 >= 1 and box.x1 <= wide - 1 and box.y0 >= 1 and box.y1 <= high - 1, f"cut off: {said}"
        plain = re.sub(r"\$[^$]*\$", "", said)
        assert not re.search(r"\w_\w|\w\^|\\[a-z]", plain), f"raw mathtext: {said}"
        for other, its in found[i + 1 :]:
            assert not overlapping(box, its), f"{said!r} lies on {other.get_text()!r}"


@pytest.mark.parametrize("name", sorted(PLOTTED))
def test_no_name_lies_on_a_line(name, drawn):
    points = line_points(drawn(name))
    for text, box in words(drawn(name)):
        inside = (points > [box.x0, box.y0 + 2]) & (points < [box.x1, box.y1 - 2])
        assert not inside.all(axis=1).any(), f"a line runs through {text.get_text()!r}"
