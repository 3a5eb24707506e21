"""Conditions: what is joined comes apart again."""

import pytest
import torch

from gansmith.conditions import Condition

WHOLE = Condition(labels=4, attributes=("old", "glad"), categorical=(3, 2), continuous=2)


def test_what_is_joined_comes_apart():
    labels, attributes = torch.tensor([3, 0]), torch.tensor([[0.5, 1.0], [0.0, 0.25]])
    codes = WHOLE.draw_codes(2, torch.Generator().manual_seed(0))
    c = WHOLE.join(labels, attributes, codes)
    assert c.shape == (2, WHOLE.size) == (2, 13) and (WHOLE.given, WHOLE.codes) == (6, 7)
    parts = WHOLE.split(c)
    assert torch.equal(parts.labels.argmax(1), labels) and torch.equal(parts.labels.sum(1), torch.ones(2))
    assert torch.equal(parts.attributes, attributes)
    assert [p.shape[1] for p in parts.categorical] == [3, 2] and parts.continuous.shape == (2, 2)
    assert torch.equal(torch.cat([*parts.categorical, parts.continuous], dim=1), codes)


def test_only_what_is_asked_for_is_joined():
    codes_only = Condition(continuous=1)
    c = codes_only.join(torch.tensor([1]), torch.ones(1, 2), torch.full((1, 1), 0.3))
    assert c.tolist() == [[pytest.approx(0.3)]]
    assert Condition().size == 0


def test_codes_are_uniform():
    parts = WHOLE.split(torch.cat([torch.zeros(6000, 6), WHOLE.draw_codes(6000, torch.Generator().manual_seed(1))], 1))
    for code, categories in zip(parts.categorical, (3, 2), strict=True):
        assert code.mean(0).tolist() == pytest.approx([1 / categories] * categories, abs=0.02)
        assert torch.equal(code.sum(1), torch.ones(6000))
    assert parts.continuous.mean().abs() < 0.03 and parts.continuous.var().item() == pytest.approx(1 / 3, abs=0.02)
    assert -1 <= parts.continuous.min() < -0.99 and 0.99 < parts.continuous.max() < 1


def test_traversal_varies_one_code_at_a_time():
    c = WHOLE.join(torch.tensor([1, 2]), torch.rand(2, 2), WHOLE.draw_codes(2, torch.Generator().manual_seed(2)))
    varied = WHOLE.traverse(c, columns=6)
    assert varied.shape == (4, 2, 6, 13)
    places = [range(6, 9), range(9, 11), range(11, 12), range(12, 13)]
    for code, place in zip(varied, places, strict=True):
        others = [i for i in range(13) if i not in place]
        assert torch.equal(code[:, :, others], c[:, None, others].expand(2, 6, len(others)))
    assert varied[0, 0, :, 6:9].argmax(1).tolist() == [0, 1, 2, 0, 1, 2]
    assert varied[3, 1, :, 12].tolist() == pytest.approx([-2, -1.2, -0.4, 0.4, 1.2, 2])
