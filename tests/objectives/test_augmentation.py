"""Views against explicit loops over samples and pixels."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.objectives.augmentation import POLICIES, diff_augment, instance_noise

RNG = torch.Generator().manual_seed(0)
SHAPES = [(6, 3, 16, 16), (5, 1, 28, 28), (4, 2, 17, 11), (3, 3, 8, 24)]


def normal(*shape):
    return torch.randn(*shape, dtype=torch.float64, generator=RNG)


class Dice:
    """A draw that remembers, and can be loaded: named draws are then the same number everywhere."""

    def __init__(self, seed=0, **loaded):
        self.rng, self.drawn, self.loaded = torch.Generator().manual_seed(seed), {}, loaded

    def __call__(self, name, kind, shape):
        if name in self.loaded:
            return torch.as_tensor(self.loaded[name], dtype=torch.float64).expand(shape)
        if name not in self.drawn:
            throw = {"uniform": torch.rand, "normal": torch.randn}[kind]
            self.drawn[name] = throw(shape, generator=self.rng, dtype=torch.float64)
        assert self.drawn[name].shape == shape
        return self.drawn[name]


@pytest.mark.parametrize("shape", [(7,), (5, 3), (4, 1, 6, 6)])
def test_instance_noise_is_added(shape):
    x, dice = normal(*shape).requires_grad_(), Dice()
    view = instance_noise(x, 0.3, dice)
    torch.testing.assert_close((view - x).detach(), 0.3 * dice.drawn["instance_noise"])
    torch.testing.assert_close(instance_noise(x, 0.0, dice), x)
    assert (torch.autograd.grad(view.sum(), x)[0] == 1).all()


def test_instance_noise_has_its_deviation():
    noise = instance_noise(torch.zeros(20_000, dtype=torch.float64), 0.5, Dice())
    assert noise.mean().item() == pytest.approx(0, abs=0.02)
    assert noise.std().item() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("shape", SHAPES)
def test_color_as_a_loop(shape):
    x, dice = normal(*shape), Dice()
    view = diff_augment(x, "color", dice)
    for i in range(shape[0]):
        brightness, saturation, contrast = (dice.drawn[n][i] for n in ("brightness", "saturation", "contrast"))
        image = x[i] + brightness - 0.5
        if shape[1] > 1:
            gray = sum(image) / shape[1]
            image = torch.stack([gray + 2 * saturation * (channel - gray) for channel in image])
        image = image.mean() + (0.5 + contrast) * (image - image.mean())
        torch.testing.assert_close(view[i], image)


@pytest.mark.parametrize(("u", "shift"), [(0.0, -0.5), (0.5, 0.0), (0.9, 0.4)])
def test_brightness_shifts_the_mean_and_the_others_leave_it(u, shift):
    x = normal(3, 3, 8, 8)
    view = diff_augment(x, "color", Dice(brightness=u))
    torch.testing.assert_close(view.mean((1, 2, 3)), x.mean((1, 2, 3)) + shift)


def test_saturation_and_contrast_at_their_ends():
    x, still = normal(3, 3, 8, 8), {"brightness": 0.5, "saturation": 0.5, "contrast": 0.5}
    torch.testing.assert_close(diff_augment(x, "color", Dice(**still)), x)
    gray = diff_augment(x, "color", Dice(**still | {"saturation": 0.0}))
    torch.testing.assert_close(gray, x.mean(1, keepdim=True).expand_as(x))
    flat = diff_augment(x, "color", Dice(**still | {"contrast": 0.0}))
    torch.testing.assert_close(flat.std((1, 2, 3)), 0.5 * x.std((1, 2, 3)))
    vivid = diff_augment(x, "color", Dice(**still | {"saturation": 0.75}))
    torch.testing.assert_close(vivid - gray, 1.5 * (x - gray))


def test_gray_images_have_no_saturation():
    one, still = normal(4, 1, 8, 8), {"brightness": 0.5, "contrast": 0.5}
    torch.testing.assert_close(diff_augment(one, "color", Dice(**still)), one, rtol=0, atol=1e-15)
    three = one.expand(-1, 3, -1, -1)
    torch.testing.assert_close(diff_augment(three, "color", Dice(**still)), three)


@pytest.mark.parametrize("shape", SHAPES)
def test_translation_as_a_loop(shape):
    n, _, height, width = shape
    x, dice = normal(*shape), Dice()
    view = diff_augment(x, "translation", dice)
    for i in range(n):
        reaches = height // 8, width // 8
        down, right = (int(u * (2 * r + 1)) - r for u, r in zip(dice.drawn["translation"][:, i], reaches, strict=True))
        for row in range(height):
            for column in range(width):
                inside = 0 <= row - down < height and 0 <= column - right < width
                expected = x[i, :, row - down, column - right] if inside else torch.zeros_like(x[i, :, 0, 0])
                assert torch.equal(view[i, :, row, column], expected)


def test_translation_moves_a_dot_by_whole_pixels_to_all_its_places_alike():
    x = torch.zeros(9000, 1, 16, 32, dtype=torch.float64)
    x[:, 0, 8, 16] = 1
    view = diff_augment(x, "translation", Dice())
    assert (view.sum((1, 2, 3)) == 1).all()
    shares = view.mean(0)[0]
    where = shares.nonzero()
    assert where.amin(0).tolist() == [6, 12]
    assert where.amax(0).tolist() == [10, 20]
    assert len(where) == 5 * 9
    assert shares[shares > 0].tolist() == pytest.approx([1 / 45] * 45, abs=0.008)


def test_a_draw_that_rounds_to_one_stays_in_reach():
    x = normal(1, 1, 16, 16)
    view = diff_augment(x, "translation", Dice(translation=1.0))
    torch.testing.assert_close(view[:, :, 2:, 2:], x[:, :, :-2, :-2])


@pytest.mark.parametrize("shape", SHAPES)
def test_cutout_as_a_loop(shape):
    n, _, height, width = shape
    x, dice = normal(*shape), Dice()
    view = diff_augment(x, "cutout", dice)
    for i in range(n):
        down, right = (dice.drawn["cutout"][:, i] * torch.tensor([height, width])).tolist()
        for row in range(height):
            for column in range(width):
                hidden = abs(row + 0.5 - down) < (height // 2) / 2 and abs(column + 0.5 - right) < (width // 2) / 2
                assert torch.equal(view[i, :, row, column], x[i, :, row, column] * (not hidden))


@pytest.mark.parametrize(("height", "width"), [(16, 16), (28, 28), (17, 11)])
def test_cutout_hides_a_rectangle_of_half_the_sides_evenly(height, width):
    view = diff_augment(torch.ones(4000, 1, height, width, dtype=torch.float64), "cutout", Dice())
    rows = (view[:, 0] == 0).any(2).sum(1)
    columns = (view[:, 0] == 0).any(1).sum(1)
    assert rows.max() == height // 2
    assert columns.max() == width // 2
    assert rows.min() >= height // 4
    assert torch.equal((view == 0).sum((1, 2, 3)), rows * columns)
    share = (view == 0).double().mean(0)[0]
    torch.testing.assert_close(share, share.flip(0), rtol=0, atol=0.05)
    torch.testing.assert_close(share, share.flip(1), rtol=0, atol=0.05)


@pytest.mark.parametrize("policy", [*POLICIES, "color,translation,cutout"])
@pytest.mark.parametrize("shape", [(2, 3, 8, 8), (2, 1, 9, 8)])
def test_gradients_are_exact_to_the_second_order(policy, shape):
    x, dice = normal(*shape).requires_grad_(), Dice()
    assert torch.autograd.gradcheck(lambda p: diff_augment(p, policy, dice), x)
    assert torch.autograd.gradgradcheck(lambda p: diff_augment(p, policy, dice).pow(3), x)
    (gradient,) = torch.autograd.grad(diff_augment(x, policy, dice).sum(), x)
    assert (gradient != 0).any()


def test_policies_are_applied_in_their_order():
    x, dice = normal(3, 3, 16, 16), Dice()
    for first, second in (("color", "cutout"), ("cutout", "color"), ("translation", "cutout")):
        both = diff_augment(x, f"{first}, {second}", dice)
        torch.testing.assert_close(both, diff_augment(diff_augment(x, first, dice), second, dice))


def test_the_same_draw_gives_the_same_view_and_another_draw_another():
    x, policy = normal(3, 3, 16, 16), "color,translation,cutout"
    assert torch.equal(diff_augment(x, policy, Dice(1)), diff_augment(x, policy, Dice(1)))
    assert not torch.equal(diff_augment(x, policy, Dice(1)), diff_augment(x, policy, Dice(2)))


def test_an_empty_policy_leaves_samples_alone():
    x, dice = normal(2, 3, 8, 8), Dice()
    assert torch.equal(diff_augment(x, "", dice), x)
    assert not dice.drawn


def test_views_keep_the_precision_and_the_samples():
    x = torch.rand(2, 3, 16, 16, generator=RNG)
    before = x.clone()
    assert diff_augment(x, "color,translation,cutout", Dice()).dtype == torch.float32
    assert torch.equal(x, before)


def test_an_unknown_policy_is_named():
    with pytest.raises(GansmithError, match="unknown augmentation 'colour': did you mean 'color'"):
        diff_augment(normal(1, 3, 8, 8), "cutout,colour", Dice())
