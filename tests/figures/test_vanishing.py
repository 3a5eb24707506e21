"""As D learns, the minimax gradient dies and the non-saturating one lives."""

from gansmith.figures.vanishing import gradients_while_d_learns


def test_gradients_while_d_learns():
    seen = gradients_while_d_learns()
    assert len({len(values) for values in seen.values()}) == 1 and seen["moves"][-1] == 300
    assert 0.4 < seen["D"][0] < 0.6 and seen["D"][-1] < 0.01
    early = max(seen["minimax"])
    assert seen["minimax"][-1] < early / 10
    assert seen["nonsaturating"][-1] > 0.3
    assert all(weak < strong for weak, strong in zip(seen["minimax"][5:], seen["nonsaturating"][5:], strict=True))
