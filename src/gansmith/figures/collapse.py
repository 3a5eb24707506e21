"""Mode collapse as films: a failure and its cure side by side, same seed, the generator as it is trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from torch import Tensor

from gansmith.figures.figure import BLUE, GRAY, ORANGE, Figure, print_sheet, sheet
from gansmith.playground.layers import generated
from gansmith.playground.presets import Preset, preset
from gansmith.playground.quantities import EXPLAINED, held, shares
from gansmith.playground.session import Session
from gansmith.settings.ranges import Count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet


def film(which: str, frames: Count = 48) -> Figure:
    """Return the film of one of the playground's pairs, every frame with its step and what is measured."""
    pair = preset(which)
    sides = {"as it fails": Session(pair.setting()), "with its cure": Session(pair.setting(cured=True))}
    steps = sorted({round(pair.steps * i / (frames - 1)) for i in range(frames)} | {max(pair.steps - 50, 0)})
    drawn = []
    for step in steps:
        for session in sides.values():
            session.play(step - session.steps_done)
            if step in (max(pair.steps - 50, 0), pair.steps):  # what moves between two looks needs both
                session.measure()
        drawn.append(_frame(pair, step, sides))
    numbers = {}
    for name, session in sides.items():
        at_end = _shares(session)
        numbers[f"{pair.measure}, {name}"] = session.told[-1][1][pair.measure]
        numbers[f"largest, {name}"] = float(at_end.max())
    caption = (
        f"{pair.title}, seed {pair.setting().values['seed']}. {pair.look} {pair.why} "
        f"{EXPLAINED[pair.measure].title} after {pair.steps} steps: {numbers[f'{pair.measure}, as it fails']:.3g} and, "
        "cured, "
        f"{numbers[f'{pair.measure}, with its cure']:.3g}."
    )
    return Figure(drawn, caption, numbers, seconds=0.14)


def _shares(session: Session) -> Tensor:
    assert session.data.modes is not None
    return shares(generated(session.trainer, session.probes.z), session.data.modes)


def _frame(pair: Preset, step: int, sides: dict[str, Session]) -> Sheet:
    drawn = sheet(2, width=3.7, height=3.7)
    for axes, (name, session) in zip(drawn.axes, sides.items(), strict=True):
        _draw(axes, session, name, pair.measure)
    drawn.suptitle(f"{pair.title}: step {step:,}", fontsize=11)
    handles, labels = drawn.axes[0].get_legend_handles_labels()
    drawn.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    return print_sheet(drawn, "")


def _draw(axes: Axes, session: Session, name: str, measure: str) -> None:
    fake, window, data = generated(session.trainer, session.probes.z), session.probes.window, session.data
    assert data.modes is not None
    few = f"{held(fake, data.modes)} of {len(data.modes)} modes held"
    one = f"{float(shares(fake, data.modes).max()):.0%} nearest to one mode"
    axes.plot(*session.probes.real[:400].T, ".", color=GRAY, ms=3, label="data")
    axes.plot(*fake[:600].T, ".", color=ORANGE, ms=3, alpha=0.6, label="G(z), raw generator")
    axes.plot(*data.modes.T, "+", color=BLUE, ms=6, label="modes")
    (x, y), reach = window.centre, window.reach
    outside = int(((fake - fake.new_tensor(window.centre)).abs() > reach).any(dim=1).sum())
    axes.set(aspect="equal", xlim=(x - reach, x + reach), ylim=(y - reach, y + reach), xlabel="x₁", ylabel="x₂")
    axes.set_title(f"{name}\n{few if measure == 'held' else one}, {outside} outside", fontsize=9)


def _named(which: str, line: str) -> Callable[..., Figure]:
    def draw(frames: Count = 48) -> Figure:
        return film(which, frames)

    draw.__doc__ = f"{line}\n\nArgs:\n    frames: of the film."
    return draw


collapse_few = _named("few", "A film: samples crowd into few modes of the grid, and the same seed with its cure.")
collapse_one = _named("one", "A film: all noise makes one sample of the ring, and the same seed with its cure.")
collapse_hopping = _named("oscillation", "A film: one clump that hops from mode to mode as D adapts, and its cure.")

__all__ = ["collapse_few", "collapse_hopping", "collapse_one", "film"]
