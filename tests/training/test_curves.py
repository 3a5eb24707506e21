"""The course of runs as a picture."""

import itertools

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg

from gansmith.training.curves import curves


@pytest.mark.parametrize("count", range(1, 10))
def test_the_lowest_plot_of_every_column_names_its_steps(monkeypatch, count):
    places, named = set(), set()
    corner = lambda axes: tuple(axes.get_position().p0.round(6))  # noqa: E731
    monkeypatch.setattr(Axes, "set_title", lambda axes, *_, **__: places.add(corner(axes)))
    monkeypatch.setattr(Axes, "set_xlabel", lambda axes, *_, **__: named.add(corner(axes)))
    panels = [f"number {i}" for i in range(count)]
    curves({"run": [{"step": step, **dict.fromkeys(panels, 0.5)} for step in (1, 2)]}, panels)
    assert len(places) == count and len({left for left, _ in places}) == min(4, count)
    assert named == {min(one for one in places if one[0] == left) for left, _ in places}


def drawn(monkeypatch, journals, panels):
    """Return the figure that is drawn, and its picture."""
    found = []
    draw = FigureCanvasAgg.draw
    with monkeypatch.context() as patch:
        patch.setattr(FigureCanvasAgg, "draw", lambda canvas: found.append(canvas.figure) or draw(canvas))
        picture = curves(journals, panels)
    return found[0], picture


def journal(panels, value=0.5):
    return [{"step": step, **dict.fromkeys(panels, value * step)} for step in (1, 20_000)]


@pytest.mark.parametrize("count", [1, 3, 4, 5, 9])
@pytest.mark.parametrize("runs", [1, 2, 4])
def test_nothing_that_is_written_is_cut_off_or_lies_on_something_else(monkeypatch, count, runs):
    """Every plot with its title, numbers and names, and the names of the runs: apart, and within the picture."""
    panels = [f"number {i}" for i in range(count)]
    figure, picture = drawn(monkeypatch, {f"run {i}": journal(panels, 1e4 * (i + 1)) for i in range(runs)}, panels)
    boxes = [axes.get_tightbbox() for axes in figure.axes] + [one.get_tightbbox() for one in figure.legends]
    assert len(boxes) == count + (runs > 1)
    for box in boxes:
        assert min(box.x0, box.y0) > -1 and box.x1 < picture.width + 1 and box.y1 < picture.height + 1
    for one, other in itertools.combinations(boxes, 2):
        across, along = min(one.x1, other.x1) - max(one.x0, other.x0), min(one.y1, other.y1) - max(one.y0, other.y0)
        assert across < 1 or along < 1
    filled = sum((box.x1 - box.x0) * (box.y1 - box.y0) for box in boxes)
    assert filled > 0.5 * picture.width * picture.height * count / (min(4, count) * -(-count // min(4, count)))


def test_a_line_for_every_run_and_none_for_what_it_does_not_hold(monkeypatch):
    journals = {"first": [{"step": 3, "fid": 2.0}, {"step": 5, "fid": None}, {"step": 9, "fid": 1.0}, {"step": 9}]}
    journals["second"] = [{"step": 4, "kid": 7.0}]
    figure, _ = drawn(monkeypatch, journals, ("kid", "fid", "recall"))
    kid, fid = figure.axes
    assert [line.get_xydata().tolist() for line in kid.get_lines()] == [[[4.0, 7.0]]]
    assert [line.get_xydata().tolist() for line in fid.get_lines()] == [[[3.0, 2.0], [9.0, 1.0]]]
    assert kid.get_title().startswith("KID (") and fid.get_title().startswith("FID (lower")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["second", "first"]
    colours = [axes.get_lines()[0].get_color() for axes in figure.axes]
    assert colours[0] != colours[1] and not drawn(monkeypatch, {"only": journals["first"]}, ("fid",))[0].legends


def test_few_points_are_marked_and_many_are_a_line(monkeypatch):
    marks = []
    for count in (29, 30):
        figure, _ = drawn(monkeypatch, {"run": [{"step": i, "fid": 1.0} for i in range(count)]}, ("fid",))
        marks.append(figure.axes[0].get_lines()[0].get_marker())
    assert marks == ["o", "None"]


def test_of_nothing_an_empty_picture_is_drawn():
    assert (np.asarray(curves({"run": []})) == 255).all() and (np.asarray(curves({})) == 255).all()


def test_panels_are_of_one_size_and_four_lie_beside_each_other_at_most():
    journal = [{"step": step, "fid": 1.0, "kid": 1.0, "recall": 0.5} for step in (1, 2)]
    one, two, three = (curves({"run": journal}, ("fid", "kid", "recall")[:count]) for count in (1, 2, 3))
    assert (one.size, two.size, three.size) == ((320, 235), (640, 235), (960, 235))
