"""Directions without labels, against eigen-decompositions of numpy and generators whose answer is known."""

import numpy as np
import pytest
import torch
from torch import nn

from gansmith.errors import GansmithError
from gansmith.generators import Prior, TrainedGenerator
from gansmith.latent import Space, closed_form, principal_components
from gansmith.networks.style import StyleGenerator


def eigen(matrix):
    """Return the eigenvectors of AᵀA as rows, strongest first, and the roots of the eigenvalues."""
    values, vectors = np.linalg.eigh(matrix.T @ matrix)
    return vectors.T[::-1], np.sqrt(values[::-1].clip(0))


def same_lines(one, other, digits=1e-5):
    """Check that unit vectors are the same but for their signs."""
    cosine = np.abs((one.numpy() * other).sum(axis=1))
    np.testing.assert_allclose(cosine, 1, atol=digits)


def test_styles_are_factorised_as_their_eigenvectors_are(untrained):
    gan = untrained("styles")
    weights = np.concatenate([s.affine.weight.detach().double().numpy() for s in gan.generator.styles])
    found = closed_form(gan, 6)
    vectors, values = eigen(weights)
    same_lines(found.vectors, vectors)
    np.testing.assert_allclose(found.values, values, rtol=1e-6)
    np.testing.assert_allclose(found.share, values**2 / (values**2).sum(), rtol=1e-6)
    torch.testing.assert_close(found.vectors @ found.vectors.T, torch.eye(6, dtype=torch.double))
    alone = closed_form(gan, 3, layers=[0])
    same_lines(alone.vectors, eigen(gan.generator.styles[0].affine.weight.detach().double().numpy())[0][:3])


def test_a_generator_whose_answer_is_known():
    network = StyleGenerator(4, (1, 8, 8), width=4, style=5, layers=1)
    with torch.no_grad():
        for style in network.styles:
            style.affine.weight.zero_()
            for row, (column, size) in enumerate(((3, 3.0), (0, 2.0), (4, -1.0))):
                style.affine.weight[row, column] = size
    found = closed_form(TrainedGenerator(network.eval(), (1, 8, 8), Prior(4)), 3)
    torch.testing.assert_close(found.vectors, torch.eye(5, dtype=torch.double)[[3, 0, 4]], rtol=0, atol=1e-12)
    layers = len(network.styles)
    torch.testing.assert_close(found.values, torch.tensor([3.0, 2, 1]).double() * layers**0.5)
    torch.testing.assert_close(found.share, torch.tensor([9.0, 4, 1]).double() / 14)


@pytest.mark.parametrize("kind", ["vectors", "images", "labels", "attributes"])
def test_without_styles_the_first_layer_answers_a_unit_step_by_its_singular_value(untrained, kind):
    gan = untrained(kind)
    space = Space(gan)
    found = closed_form(gan, 3)
    inner = getattr(gan.generator, "generator", gan.generator)
    first = next(layer for layer in inner.modules() if isinstance(layer, nn.Linear | nn.ConvTranspose2d))
    seen = []
    hook = first.register_forward_hook(lambda layer, inputs, output: seen.append(output.flatten(1).double()))
    points = space.drawn(4)
    space.images(points)
    for vector, value in zip(found.vectors, found.values, strict=True):
        space.images(points + vector.float())
        step = (seen[-1] - seen[0]).norm(dim=1)
        torch.testing.assert_close(step, value.expand(4), rtol=1e-4, atol=0)
    draws = nn.functional.normalize(torch.randn(200, space.size), dim=1)
    space.images(points[:1] + draws)
    assert (seen[-1] - seen[0][:1]).norm(dim=1).max() <= found.values[0] * 1.0001  # none does more
    hook.remove()


def test_principal_components_are_those_of_the_covariance(untrained):
    points = Space(untrained("styles")).drawn(500)
    found = principal_components(points, 4)
    covariance = np.cov(points.double().numpy().T)
    values, vectors = np.linalg.eigh(covariance)
    same_lines(found.vectors, vectors.T[::-1][:4])
    np.testing.assert_allclose(found.values.numpy() ** 2, values[::-1][:4], rtol=1e-6)
    np.testing.assert_allclose(found.share, values[::-1][:4] / values.sum(), rtol=1e-6)
    along = (points.double() - points.double().mean(dim=0)) @ found.vectors.T
    torch.testing.assert_close(along.std(dim=0), found.values)


def test_a_stretched_cloud_off_the_origin():
    points = torch.randn(20_000, 3, generator=torch.Generator().manual_seed(0)) * torch.tensor([1.0, 4.0, 2.0]) + 50
    found = principal_components(points, 3)
    torch.testing.assert_close(found.vectors, torch.eye(3, dtype=torch.double)[[1, 2, 0]], rtol=0, atol=0.02)
    torch.testing.assert_close(found.share, torch.tensor([16.0, 4, 1]).double() / 21, rtol=0, atol=0.02)


def test_signs_are_settled(untrained):
    for found in (closed_form(untrained("styles"), 6), principal_components(torch.randn(50, 5), 5)):
        largest = found.vectors.gather(1, found.vectors.abs().argmax(dim=1, keepdim=True))
        assert (largest > 0).all()


def test_what_has_no_directions_is_named(untrained):
    gan = untrained("styles")
    with pytest.raises(GansmithError, match="count = 7: there are 1 to 6 directions"):
        closed_form(gan, 7)
    with pytest.raises(GansmithError, match="count = 0"):
        principal_components(torch.randn(9, 3), 0)
    with pytest.raises(GansmithError, match="there are styles 0 to"):
        closed_form(gan, 2, layers=[9])
    with pytest.raises(GansmithError, match="no direction changes anything"):
        principal_components(torch.ones(9, 3), 2)
    with pytest.raises(GansmithError, match="no linear layer"):
        closed_form(TrainedGenerator(nn.Tanh(), (3,), Prior(3)), 2)
