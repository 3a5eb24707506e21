"""Attribute axes: what regression says, whatever basis the latent space is written in."""

import numpy as np
import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from gansmith.errors import GansmithError
from gansmith.latent import linear_axes, logistic_axes, orthogonalised, whitening_of
from gansmith.latent.axes import SAME, _basis, _descended

NAMES = ("Young", "Male", "Smiling")
GRADIENTS = torch.tensor([[1.0, 0.5, 0.0, 0.0], [0.0, 1.0, -1.0, 0.3], [0.2, 0.0, 0.0, 1.0]])
SPREAD = torch.tensor([[2.0, 0.0, 0.0, 0.0], [1.0, 0.5, 0.0, 0.0], [0.0, 0.3, 1.0, 0.0], [0.5, 0.0, 0.0, 0.2]])


@pytest.fixture
def points():
    return torch.randn(4000, 4, generator=torch.Generator().manual_seed(3)) @ SPREAD.T + 1


def logits_of(points):
    return 2 * torch.tanh(points @ GRADIENTS.T / 4) + 0.1 * points[:, :1].square()


def classes_of(points):
    noise = torch.randn(len(points), 3, generator=torch.Generator().manual_seed(5))
    return (logits_of(points) + noise > 0).float()


FITS = {"linear": (linear_axes, logits_of), "logistic": (logistic_axes, classes_of)}


@pytest.fixture(params=FITS)
def fitted(request):
    """Fits axes to what is known of `known` at the same people's points."""
    fit, targets_of = FITS[request.param]
    return lambda points, known: fit(points, targets_of(known), NAMES, whitening_of(points))


def test_linear_axes_are_least_squares_and_steepest_for_a_step_of_given_likelihood(points):
    axes = linear_axes(points, logits_of(points), NAMES, whitening_of(points))
    design = np.c_[points.double().numpy(), np.ones(len(points))]
    slopes = torch.from_numpy(np.linalg.lstsq(design, logits_of(points).double().numpy(), rcond=None)[0][:-1].T)
    covariance = points.double().T.cov()
    wanted = slopes @ covariance
    torch.testing.assert_close(axes.raw, wanted / wanted.norm(dim=1, keepdim=True), rtol=0, atol=1e-5)
    rise = (wanted * slopes).sum(dim=1).sqrt()  # √(gᵀ C g): the deviation of the fitted logit
    torch.testing.assert_close(axes.slopes, rise, rtol=1e-5, atol=0)
    torch.testing.assert_close(axes.unit.norm(dim=1), torch.ones(3, dtype=torch.double))
    torch.testing.assert_close(axes.raw.norm(dim=1), torch.ones(3, dtype=torch.double))


def test_a_linear_logit_rises_by_its_slope_along_its_axis(points):
    linear = points @ GRADIENTS.T + 7
    axes = linear_axes(points, linear, NAMES, whitening_of(points))
    for i, name in enumerate(NAMES):
        moved = axes.along(points[:20], name, torch.linspace(-2, 2, 20))
        rise = (moved - points[:20]).double() @ GRADIENTS.T.double()
        torch.testing.assert_close(rise[:, i], torch.linspace(-2, 2, 20).double() * axes.slopes[i], rtol=0, atol=1e-4)
        way = axes.along(points[:1], name, 1.0) - points[:1]
        torch.testing.assert_close(way[0].double() / way.double().norm(), axes.raw[i], rtol=0, atol=1e-5)


def test_logistic_axes_are_where_the_gradient_vanishes(points):
    to = whitening_of(points)
    y = classes_of(points)
    axes = logistic_axes(points, y, NAMES, to)
    u = to.whitened(points).double()
    for i in range(3):
        a = axes.unit[i] * axes.slopes[i]
        b = torch.zeros((), dtype=torch.double)
        for _ in range(50):  # the shift alone, by Newton
            p = torch.sigmoid(u @ a + b)
            b = b - (p - y[:, i]).mean() / (p * (1 - p)).mean()
        a.requires_grad_()
        loss = binary_cross_entropy_with_logits(u @ a + b, y[:, i].double()) + 0.0005 * a.square().sum()
        assert torch.autograd.grad(loss, a)[0].abs().max() < 1e-8


def test_separable_classes_have_a_finite_axis(points):
    axes = logistic_axes(points, (points @ GRADIENTS.T > 1).float(), NAMES, whitening_of(points))
    wanted = GRADIENTS.double() @ points.double().T.cov()
    cosine = (axes.raw * wanted / wanted.norm(dim=1, keepdim=True)).sum(dim=1)
    assert (cosine > 0.995).all() and axes.slopes.isfinite().all()


def effects(axes, points, generate):
    """Return how the samples of points change as each attribute is moved by 1."""
    return [generate(axes.along(points, name, 1.0)) - generate(points) for name in NAMES]


@pytest.mark.parametrize("locked", [None, (), ("Male",), ("Male", "Smiling")])
def test_a_rotated_basis_changes_no_effect(points, fitted, locked):
    rotation = torch.linalg.qr(torch.randn(4, 4, dtype=torch.double, generator=torch.Generator().manual_seed(8)))[0]
    rotated = (points.double() @ rotation.T).float()
    plain, turned = fitted(points, points), fitted(rotated, points)
    if locked is not None:
        plain, turned = orthogonalised(plain, locked), orthogonalised(turned, locked)

    def generate(p):
        return torch.sin(p.double() @ GRADIENTS.T.double())

    def generate_rotated(p):
        return generate(p.double() @ rotation)

    for one, other in zip(effects(plain, points, generate), effects(turned, rotated, generate_rotated), strict=True):
        assert one.abs().mean() > 0.02
        torch.testing.assert_close(one, other, rtol=0, atol=2e-5)
    torch.testing.assert_close(plain.slopes, turned.slopes, rtol=1e-4, atol=1e-6)


def test_locked_axes_stay_and_the_others_are_orthogonal_to_all(points, fitted):
    axes = fitted(points, points)
    products = axes.unit @ axes.unit.T - torch.eye(3)
    assert products.abs().max() > 0.1  # there is something to do
    for locked in ((), ("Male",), ("Smiling", "Young")):
        free = orthogonalised(axes, locked)
        products = free.unit @ free.unit.T
        for i, name in enumerate(NAMES):
            assert not (name in locked and not torch.equal(free.unit[i], axes.unit[i]))
            for j, other in enumerate(NAMES[:i]):
                both = name in locked and other in locked
                assert both or abs(products[i, j]) < 1e-12
        torch.testing.assert_close(free.unit.norm(dim=1), torch.ones(3, dtype=torch.double))
        assert (free.slopes <= axes.slopes + 1e-12).all() and (free.slopes > 0).any()


def test_the_order_is_locked_first_and_then_as_they_stand(points, fitted):
    axes = fitted(points, points)
    first = orthogonalised(axes)
    assert torch.allclose(first.unit[0], axes.unit[0], atol=1e-12)  # nothing stands before it
    rest = axes.unit[1] - (axes.unit[1] @ axes.unit[0]) * axes.unit[0]
    torch.testing.assert_close(first.unit[1], rest / rest.norm())
    last = orthogonalised(axes, ["Smiling"])
    rest = axes.unit[0] - (axes.unit[0] @ axes.unit[2]) * axes.unit[2]
    torch.testing.assert_close(last.unit[0], rest / rest.norm())


def test_an_orthogonal_axis_leaves_a_locked_linear_logit_alone(points):
    linear = points @ GRADIENTS.T
    axes = linear_axes(points, linear, NAMES, whitening_of(points))
    free = orthogonalised(axes, ["Male"])
    for i, name in ((0, "Young"), (2, "Smiling")):
        change = (free.along(points, name, 2.0) - points).double() @ GRADIENTS.T.double()
        assert change[:, 1].abs().max() < 1e-4
        torch.testing.assert_close(change[:, i].mean(), 2 * free.slopes[i], rtol=1e-4, atol=1e-4)
        assert ((axes.along(points, name, 2.0) - points) @ GRADIENTS[1]).abs().min() > 0.1


def test_points_that_do_not_vary_in_every_direction(fitted):
    points = torch.randn(1000, 4, generator=torch.Generator().manual_seed(0)) @ SPREAD.T
    wide = torch.cat([points, points[:, :2] * 3], dim=1)
    narrow, axes = fitted(points, points), fitted(wide, points)
    for name in NAMES:
        one, other = narrow.along(points, name, 1.5), axes.along(wide, name, 1.5)
        torch.testing.assert_close(other, torch.cat([one, one[:, :2] * 3], dim=1), rtol=0, atol=1e-4)


def test_what_cannot_be_an_axis_is_named(points):
    to, y = whitening_of(points), classes_of(points)
    constant = torch.cat([y[:, :2], torch.ones(len(y), 1)], dim=1)
    with pytest.raises(GansmithError, match="attribute Smiling never changes"):
        logistic_axes(points, constant, NAMES, to)
    with pytest.raises(GansmithError, match="attribute Smiling follows no direction"):
        linear_axes(points, constant, NAMES, to)
    with pytest.raises(GansmithError, match="targets must be in"):
        logistic_axes(points, logits_of(points), NAMES, to)
    with pytest.raises(GansmithError, match="axes of 2 attributes"):
        linear_axes(points, y, NAMES[:2], to)
    with pytest.raises(GansmithError, match="NaN or infinite"):
        linear_axes(points, y / 0, NAMES, to)
    twice = linear_axes(points, y[:, [0, 1, 0]], NAMES, to)
    with pytest.raises(GansmithError, match="axis Smiling lies among the others"):
        orthogonalised(twice)
    with pytest.raises(GansmithError, match="unknown attribute 'Smilling': did you mean 'Smiling'"):
        orthogonalised(twice, ["Smilling"])
    with pytest.raises(GansmithError, match="unknown attribute 'Old'"):
        twice.along(points, "Old", 1.0)


@pytest.mark.parametrize("centre", [0.0, 5.0])
def test_axes_do_not_mind_where_the_points_of_the_whitening_lay(points, centre):
    """Of other points than those that it was made of: the slopes are those between them."""
    to = whitening_of(points + centre)
    linear = points @ GRADIENTS.T
    for axes in (linear_axes(points, linear, NAMES, to), linear_axes(points, linear + 9, NAMES, to)):
        expected = linear_axes(points, linear, NAMES, whitening_of(points))
        torch.testing.assert_close(axes.raw, expected.raw, rtol=0, atol=1e-4)
        torch.testing.assert_close(axes.slopes, expected.slopes, rtol=1e-4, atol=0)


def test_directions_that_are_hardly_any_span_nothing():
    rows = torch.eye(3, dtype=torch.double)
    for size, left in ((2 * SAME, 3), (SAME, 2), (SAME / 2, 2)):
        rows[2, 2] = size
        basis = _basis(rows)
        assert len(basis) == left
        torch.testing.assert_close(basis @ basis.T, torch.eye(left, dtype=torch.double))
    assert len(_basis(rows[:0])) == 0


@pytest.mark.parametrize(("halvings", "found"), [(0, True), (7, True), (19, True), (20, False), (30, False)])
def test_a_step_is_halved_until_the_loss_does_not_rise_up_to_a_millionth_of_it(halvings, found):
    """Before the twenty-first half of a step it gives up, and stays where it is."""
    near, looks = 2.0**-halvings, []

    def loss(a):
        looks.append(float(a))
        return 0.0 if -near <= float(a) <= 0 else 1.0

    here = torch.zeros((), dtype=torch.double)
    ended = _descended(loss, here, torch.ones((), dtype=torch.double))
    assert float(ended) == (-near if found else 0) and looks[0] == 0 and len(looks) == 1 + min(halvings + 1, 20)


def test_orthogonal_slopes_are_what_is_left_of_them(points):
    axes = linear_axes(points, points @ GRADIENTS.T, NAMES, whitening_of(points))
    free = orthogonalised(axes, ["Male"])
    assert float(free.slopes[1]) == pytest.approx(float(axes.slopes[1]), rel=1e-12)
    for i in (0, 2):
        assert float(free.slopes[i]) == pytest.approx(float(axes.slopes[i] * (free.unit[i] @ axes.unit[i])), rel=1e-9)
