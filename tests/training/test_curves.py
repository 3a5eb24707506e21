"""The course of runs as a picture."""

import pytest
from matplotlib.axes import Axes

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
