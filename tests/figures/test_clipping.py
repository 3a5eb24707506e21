"""What clipping does to weights and gradients, in networks of 12 hidden layers."""

import pytest
import torch

from gansmith.figures.clipping import deep_critic, factor_per_layer, gradient_norms, piled_up, weights_of
from gansmith.networks.mlp import MLPDiscriminator


@pytest.mark.parametrize(("c", "smallest", "largest"), [(0.1, 2.0, 5.0), (0.01, 0.03, 0.1)])
def test_clipped_weights_pile_up_and_gradients_explode_or_vanish(c, smallest, largest):
    critic = deep_critic("wgan", 600 if c == 0.1 else 100, clip=c)
    assert weights_of(critic).abs().max() <= c * (1 + 1e-6)
    assert piled_up(critic, c) > 0.5
    assert smallest < factor_per_layer(gradient_norms(critic)) < largest


def test_the_gradient_penalty_keeps_both():
    critic = deep_critic("wgan-gp", 200)
    assert 0.85 < factor_per_layer(gradient_norms(critic)) < 1.2
    assert piled_up(critic, float(weights_of(critic).abs().max())) < 0.01


def test_gradient_norms_are_those_of_the_chain_rule():
    """D = w·relu(Vx + b): ∂ E D / ∂h of the last layer is w/N at each of N samples, whose norm is ‖w‖/√N."""
    torch.manual_seed(0)
    critic = MLPDiscriminator((2,), hidden=5, layers=2, act="relu")
    norms = gradient_norms(critic, count=100)
    assert len(norms) == 2
    assert norms[1].item() == pytest.approx(critic.head.weight.norm().item() / 10, rel=1e-6)
    assert norms[0] < norms[1] * torch.linalg.matrix_norm(critic.features[3].weight, 2)


def test_only_weights_at_the_bound_are_piled_up():
    critic = torch.nn.Linear(4, 1, bias=False)
    with torch.no_grad():
        critic.weight.copy_(torch.tensor([[0.1, -0.0995, 0.05, 0.2]]))
    assert piled_up(critic, 0.1) == 0.5
