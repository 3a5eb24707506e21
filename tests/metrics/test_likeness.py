"""PSNR and SSIM against closed forms, scipy and torchmetrics."""

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter

from gansmith.errors import GansmithError
from gansmith.metrics.likeness import psnr, ssim


@pytest.fixture(params=[(3, 40, 40), (1, 28, 28), (3, 12, 20)])
def pair(request):
    rng = torch.Generator().manual_seed(0)
    a = torch.rand(5, *request.param, generator=rng) * 2 - 1
    weight = torch.linspace(0, 1, 5)[:, None, None, None]
    return a, (a + weight * 0.5 * torch.randn(a.shape, generator=rng)).clamp(-1, 1)


def test_they_are_those_of_torchmetrics(pair):
    image = pytest.importorskip("torchmetrics.functional.image")
    a, b = (x.double() for x in pair)
    _, places = image.structural_similarity_index_measure(a, b, data_range=2.0, return_full_image=True)
    whole = places[..., 5:-5, 5:-5]  # without those that reflect the picture beyond its edges
    torch.testing.assert_close(ssim(a, b), whole.flatten(1).mean(dim=1), atol=1e-6, rtol=1e-6)
    oracle = [image.peak_signal_noise_ratio(p, q, data_range=2.0) for p, q in zip(a[1:], b[1:], strict=True)]
    torch.testing.assert_close(psnr(a[1:], b[1:]), torch.stack(oracle))


def of_scipy(a, b):
    """SSIM of one channel, by scipy's Gaussian filter where it reaches beyond no edge."""

    def mean(x):
        return gaussian_filter(x, 1.5, truncate=3.5)[5:-5, 5:-5]

    light, contrast = 0.02**2, 0.06**2
    m, n = mean(a), mean(b)
    above = (2 * m * n + light) * (2 * (mean(a * b) - m * n) + contrast)
    return np.mean(above / ((m**2 + n**2 + light) * (mean(a * a) - m**2 + mean(b * b) - n**2 + contrast)))


def test_ssim_is_that_of_scipys_filter(pair):
    a, b = (x.double() for x in pair)
    channels = [[of_scipy(p.numpy(), q.numpy()) for p, q in zip(x, y, strict=True)] for x, y in zip(a, b, strict=True)]
    torch.testing.assert_close(ssim(a, b), torch.tensor(channels, dtype=torch.double).mean(dim=1), atol=1e-9, rtol=1e-9)


def test_the_same_pictures_are_as_alike_as_can_be(pair):
    a, b = pair
    assert torch.equal(ssim(a, a), torch.ones(5, dtype=torch.double)) and (psnr(a, a) == torch.inf).all()
    assert (ssim(a, b)[1:] < ssim(a, b)[:-1]).all() and (psnr(a, b)[1:] < psnr(a, b)[:-1]).all()
    torch.testing.assert_close(ssim(a, b), ssim(b, a))


def test_a_difference_of_light_alone_is_in_closed_form():
    a, b = torch.full((1, 1, 16, 16), 0.5), torch.full((1, 1, 16, 16), -0.2)
    c = 0.02**2
    expected = torch.tensor([(2 * 0.5 * -0.2 + c) / (0.25 + 0.04 + c)], dtype=torch.double)
    torch.testing.assert_close(ssim(a, b), expected, atol=1e-6, rtol=1e-6)
    torch.testing.assert_close(psnr(a, b), 10 * torch.log10(torch.tensor([4 / 0.49], dtype=torch.double)))


@pytest.mark.parametrize("side", [4, 5, 8, 10])
def test_pictures_smaller_than_the_window_are_measured_too(side):
    a = torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(0))
    assert torch.equal(ssim(a, a), torch.ones(2, dtype=torch.double)) and (ssim(a, 1 - a) < 0.3).all()


@pytest.mark.parametrize("shapes", [((1, 3, 8, 8), (2, 3, 8, 8)), ((3, 8, 8), (3, 8, 8)), ((0, 3, 8, 8), (0, 3, 8, 8))])
def test_other_shapes_are_named(shapes):
    a, b = map(torch.zeros, shapes)
    for measure in (psnr, ssim):
        with pytest.raises(GansmithError, match="likeness: shapes"):
            measure(a, b)
