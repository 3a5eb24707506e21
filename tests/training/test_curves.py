"""The course of runs as a picture."""

import pytest
from matplotlib.axes import Axes

from gansmith.training.curves import curves


@pytest.mark.parametrize("count", range(1, 10))
def test_the_lowest_plot_of_every_column_names_its_steps(monkeypatch, count):
    named = []
    monkeypatch.setattr(Axes, "set_xlabel", lambda axes, *_, **__: named.append(axes.get_subplotspec().num1))
    panels = [f"number {i}" for i in range(count)]
    curves({"run": [{"step": step, **dict.fromkeys(panels, 0.5)} for step in (1, 2)]}, panels)
    columns = min(4, count)
    assert named == sorted(max(range(column, count, columns)) for column in range(columns))
