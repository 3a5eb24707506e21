"""The films of mode collapse are the library's pairs: the last frame measures what the pair promises."""

from pathlib import Path

import pytest

from gansmith.figures.collapse import film
from gansmith.playground.presets import preset

COURSE = (Path(__file__).parents[2] / "docs" / "course.md").read_text(encoding="utf-8")
SAID = {"few": "{:.0f}, cured {:.0f}", "one": "{:.0%}, cured {:.0%}", "oscillation": "{:.0%}, cured {:.0%}"}


@pytest.mark.parametrize("which", SAID)
def test_the_last_frame_fails_and_its_cure_does_not(which):
    pair, found = preset(which), film(which, frames=2)
    fails, cured = (found.numbers[f"{pair.measure}, {side}"] for side in ("as it fails", "with its cure"))
    assert pair.fails[0] <= fails <= pair.fails[1] and pair.cured[0] <= cured <= pair.cured[1]
    assert 2 <= len(found.frames) <= 3
    assert found.numbers["largest, as it fails"] > 2 * found.numbers["largest, with its cure"]
    row = next(line for line in COURSE.splitlines() if f"| `{which}` |" in line)
    assert f": {SAID[which].format(fails, cured)} (".replace("%", " %") in row
    titles = [axes.get_title() for axes in found.frames[-1].axes]
    if pair.measure == "held":  # a title counts what the table does
        shown = [f"{held:.0f} of 25 modes held" for held in (fails, cured)]
    else:
        sides = ("as it fails", "with its cure")
        shown = [f"{found.numbers[f'largest, {side}']:.0%} nearest to one mode" for side in sides]
    assert all(words in title for words, title in zip(shown, titles, strict=True))
