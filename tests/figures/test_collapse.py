"""The films of mode collapse are the library's pairs: the last frame measures what the pair promises."""

import pytest

from gansmith.figures.collapse import film
from gansmith.playground.presets import preset


@pytest.mark.parametrize("which", ["few", "one", "oscillation"])
def test_the_last_frame_fails_and_its_cure_does_not(which):
    pair, found = preset(which), film(which, frames=2)
    fails, cured = (found.numbers[f"{pair.measure}, {side}"] for side in ("as it fails", "with its cure"))
    assert pair.fails[0] <= fails <= pair.fails[1] and pair.cured[0] <= cured <= pair.cured[1]
    assert 2 <= len(found.frames) <= 3
    assert found.numbers["largest, as it fails"] > 2 * found.numbers["largest, with its cure"]
