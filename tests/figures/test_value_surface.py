"""What critics make of 8 Gaussians."""

import pytest
import torch
from torch import nn

from gansmith.figures.critics import planes, train_critic
from gansmith.figures.value_surface import CRITICS, SHARED, contrast, seen
from gansmith.networks import DiscriminatorOutput
from gansmith.recipes import recipe


def test_the_gradient_penalty_sees_modes_that_clipping_does_not():
    data = planes()["8 Gaussians"]
    points = data.sample(500, torch.Generator().manual_seed(1))
    found = {}
    for way, steps in (("clipping", 300), ("gradient penalty", 700)):
        kind, changes = CRITICS[way]
        found[way] = contrast(train_critic(recipe(kind, **(SHARED | changes | {"steps": steps})), data), points)
    assert 0 < found["clipping"] < 0.06
    assert found["gradient penalty"] > 2.5 * found["clipping"]


class Hill(nn.Module):
    """D(x) = −‖x‖²."""

    def forward(self, x):
        return DiscriminatorOutput(-x.square().sum(dim=1))


def test_contrast_of_a_hill():
    """−‖x‖² falls by a² at a distance a from its top, whatever x is: E‖x + u‖² = ‖x‖² + a²."""
    line = torch.linspace(-2.3, 2.3, 40)
    deviation = torch.cartesian_prod(line, line).square().sum(dim=1).std()
    for points in (torch.zeros(3, 2), torch.tensor([[1.0, -2.0]])):
        assert contrast(Hill(), points, away=0.5) == pytest.approx(0.25 / deviation.item(), rel=1e-4)


def test_a_mode_is_seen_at_a_hills_top_alone():
    """−‖x‖² has one top; at a quarter from it, D is higher on the side of the top."""
    assert seen(Hill(), torch.tensor([[0.0, 0.0], [0.2, 0.0], [0.1, 0.0]])).tolist() == [True, False, True]


def test_blurred_data_are_as_wide_as_the_papers():
    for data in planes().values():
        x = data.sample(2000, torch.Generator().manual_seed(0))
        assert 0.8 < x.std().item() < 1.2
