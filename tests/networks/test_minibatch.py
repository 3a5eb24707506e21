"""Layers that see the whole minibatch, against double loops."""

import math

import pytest
import torch

from gansmith.networks.minibatch import MinibatchDiscrimination, MinibatchDistances

RNG = torch.Generator().manual_seed(0)
SHAPES = [(5, 6), (4, 2, 3, 3)]


def normal(*shape):
    return torch.randn(*shape, dtype=torch.float64, generator=RNG)


def layers(shape):
    torch.manual_seed(0)
    return [MinibatchDiscrimination(math.prod(shape[1:]), kernels=3, dimensions=4).double(), MinibatchDistances()]


def numbers(layer, x):
    """Return what the layer appends, (N, extra)."""
    return layer(x)[:, x.shape[1] :].flatten(2)[..., 0] if x.dim() > 2 else layer(x)[:, x.shape[1] :]


@pytest.mark.parametrize("shape", [*SHAPES, (1, 6), (1, 2, 3, 3)])
def test_numbers_are_appended_and_constant_over_the_image(shape):
    x = normal(*shape)
    for layer in layers(shape):
        y = layer(x)
        assert y.shape == (shape[0], shape[1] + layer.extra, *shape[2:])
        assert torch.equal(y[:, : shape[1]], x)
        if x.dim() > 2:
            extra = y[:, shape[1] :]
            assert torch.equal(extra, extra[:, :, :1, :1].expand_as(extra))
        if shape[0] == 1:
            assert (numbers(layer, x) == 0).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_discrimination_as_a_double_loop(shape):
    x, (layer, _) = normal(*shape), layers(shape)
    measured = torch.einsum("nf,fkd->nkd", x.flatten(1), layer.tensor.reshape(-1, 3, 4))
    expected = torch.zeros(shape[0], 3, dtype=torch.float64)
    for i in range(shape[0]):
        for j in range(shape[0]):
            for b in range(3):
                expected[i, b] += (j != i) * math.exp(-(measured[i, b] - measured[j, b]).abs().sum().item())
    torch.testing.assert_close(numbers(layer, x).detach(), expected)


@pytest.mark.parametrize("shape", SHAPES)
def test_distances_as_a_double_loop(shape):
    x = normal(*shape)
    expected = []
    for i in range(shape[0]):
        others = [math.dist(x[i].flatten().tolist(), x[j].flatten().tolist()) for j in range(shape[0]) if j != i]
        expected.append([sum(others) / len(others), min(others)])
    root = math.prod(shape[1:]) ** 0.5
    torch.testing.assert_close(numbers(MinibatchDistances(), x), torch.tensor(expected, dtype=torch.float64) / root)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_collapsed_batch_is_told_from_a_diverse_one(shape):
    near, far = layers(shape)
    n, collapsed, diverse = shape[0], normal(1, *shape[1:]).expand(shape), normal(*shape)
    torch.testing.assert_close(numbers(near, collapsed).detach(), torch.full((n, 3), n - 1.0, dtype=torch.float64))
    assert (numbers(far, collapsed) == 0).all()
    assert numbers(near, diverse).max() < 0.9 * (n - 1)
    assert numbers(far, diverse).min() > 0.1


@pytest.mark.parametrize("features", [10, 1000])
def test_kernels_feel_samples_of_unit_variance_from_the_start(features):
    """Whatever the width, nearness begins neither at 0 nor at 1, so that gradients flow."""
    torch.manual_seed(0)
    layer = MinibatchDiscrimination(features).double()
    nearness = numbers(layer, normal(64, features)).mean().item() / 63
    assert 0.2 < nearness < 0.5


@pytest.mark.parametrize("shape", SHAPES)
def test_order_of_the_samples_does_not_matter(shape):
    x, order = normal(*shape), torch.randperm(shape[0], generator=RNG)
    for layer in layers(shape):
        torch.testing.assert_close(layer(x[order]), layer(x)[order])


@pytest.mark.parametrize("shape", SHAPES)
def test_gradients_are_exact_to_the_second_order(shape):
    x = normal(*shape).requires_grad_()
    for layer in layers(shape):
        assert torch.autograd.gradcheck(layer, x)
        assert torch.autograd.gradgradcheck(layer, x)


def test_gradient_reaches_the_kernels():
    layer = MinibatchDiscrimination(3, kernels=2, dimensions=2).double()
    x = normal(4, 3)
    assert torch.autograd.gradcheck(lambda t: torch.func.functional_call(layer, {"tensor": t}, (x,)), layer.tensor)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("gap", [0.0, 1e-30, 1e-20, 1e-14, 1e-7])
def test_gradients_stay_finite_where_samples_coincide(dtype, gap):
    """Two of three samples (almost) coincide; a gradient penalty differentiates twice."""
    for layer in layers((3, 2)):
        row = torch.zeros(2, dtype=dtype)
        x = torch.stack([row, row + gap, row + 1]).requires_grad_()
        (gradient,) = torch.autograd.grad(numbers(layer.to(dtype), x).sum(), x, create_graph=True)
        (second,) = torch.autograd.grad(gradient.square().sum() + 0 * x.sum(), x)
        assert gradient.isfinite().all()
        assert second.isfinite().all()
        assert gradient.any()  # the third sample is felt all the same


def test_coinciding_samples_do_not_pull_at_each_other():
    x = torch.ones(4, 3, requires_grad=True)
    (gradient,) = torch.autograd.grad(numbers(MinibatchDistances(), x).sum(), x)
    assert (gradient == 0).all()


def test_near_samples_are_measured_precisely_far_from_the_origin():
    """In float32, 1000 + 0.001 is 1000.00098: the distance must be that, not what squares of 1000 leave of it."""
    x = torch.tensor([[1000.0, 1000.0], [1000.0, 1000.0]])
    x[1] += 0.001
    assert numbers(MinibatchDistances(), x)[0].tolist() == pytest.approx([0.0009765625] * 2, rel=1e-6)
