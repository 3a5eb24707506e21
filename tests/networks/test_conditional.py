"""Networks that are told what is asked for, and heads that read it."""

import pytest
import torch
from torch import nn

from gansmith.conditions import Condition
from gansmith.config import Networks
from gansmith.errors import GansmithError
from gansmith.networks import build_discriminator, build_generator, build_heads
from gansmith.networks.conditional import ConditionalNorm, Decoder, Embedding

LABELS = Condition(labels=3)
ONE = torch.eye(3)
SHAPES = {"mlp": (2,), "dcgan": (1, 16, 16), "resnet": (3, 8, 8)}


def options(network, **changes):
    return Networks(network=network, width=4, hidden=8, latent=5, embedding=6, condition="labels", **changes)


@pytest.mark.parametrize("network", SHAPES)
def test_the_generator_answers_to_its_label(network):
    torch.manual_seed(0)
    shape = SHAPES[network]
    generator = build_generator(options(network), shape, LABELS).eval()
    z = torch.randn(1, 5).expand(3, -1)
    x = generator(z, ONE)
    assert x.shape == (3, *shape) and not torch.allclose(x[0], x[1], atol=1e-4)
    assert torch.allclose(generator(z, ONE[[0, 0, 0]])[1:], x[:1].expand(2, *shape), atol=1e-5)


@pytest.mark.parametrize("how", ["concat", "projection"])
@pytest.mark.parametrize("network", SHAPES)
def test_the_discriminator_judges_sample_and_label_together(network, how):
    torch.manual_seed(0)
    n = options(network, discriminator_condition=how, discriminator_norm="none")
    discriminator = build_discriminator(n, SHAPES[network], LABELS).eval()
    x = torch.randn(1, *SHAPES[network]).expand(3, *SHAPES[network])
    judgement = discriminator(x, ONE)
    assert judgement.score.shape == (3,) and judgement.features.shape == (3, discriminator.feature_count)
    assert judgement.score.std() > 1e-6
    if how == "projection":
        plain = discriminator.discriminator(x)
        rows = discriminator.projection.weight.T
        torch.testing.assert_close(judgement.score, plain.score + (rows * plain.features).sum(1))


def test_an_embedding_is_a_table_and_with_nothing_to_learn_the_condition_itself():
    table = Embedding(3, 4)
    assert torch.equal(table(ONE[[2]])[0], table.table.weight[:, 2]) and table.numbers == 4
    assert torch.equal(Embedding(3, 0)(ONE), ONE) and Embedding(3, 0).numbers == 3


def test_conditional_norm_begins_as_batch_norm_and_learns_gains_by_label():
    torch.manual_seed(0)
    layer, plain = ConditionalNorm(2, 3), nn.BatchNorm2d(2)
    x = torch.randn(3, 2, 4, 4)
    layer.embedded = ONE
    torch.testing.assert_close(layer(x), plain(x))
    with torch.no_grad():
        layer.gain.weight[:, 1] = 2.0
        layer.shift.weight[:, 2] = 5.0
    y = layer(x)
    gain, shift = torch.tensor([1.0, 3.0, 1.0]), torch.tensor([0.0, 0.0, 5.0])
    torch.testing.assert_close(y, plain(x) * gain.reshape(3, 1, 1, 1) + shift.reshape(3, 1, 1, 1))


@pytest.mark.parametrize("network", ["dcgan", "resnet"])
def test_conditional_norms_take_the_place_of_all_others(network):
    generator = build_generator(options(network, conditional_norm=True), SHAPES[network], LABELS)
    kinds = [type(m).__name__ for m in generator.modules()]
    assert "ConditionalNorm" in kinds and kinds.count("BatchNorm2d") == kinds.count("ConditionalNorm")
    generator(torch.randn(3, 5), ONE)
    assert all(m.embedded is None for m in generator.modules() if isinstance(m, ConditionalNorm))  # nothing stays


@pytest.mark.parametrize("auxiliary", ["head", "network"])
def test_checkers_read_labels_and_attributes(auxiliary):
    condition = Condition(labels=3, attributes=("a", "b"))
    n = options("dcgan", auxiliary=auxiliary)
    discriminator = build_discriminator(n, (1, 16, 16), condition)
    checker = build_heads(n, (1, 16, 16), condition, discriminator)["checker"]
    x = torch.randn(4, 1, 16, 16)
    features = discriminator(x).features
    read = checker(x, features)
    assert read.shape == (4, 5)
    blind = checker(x, torch.zeros_like(features))
    assert torch.equal(blind, read) == (auxiliary == "network")  # a network of its own looks for itself


def test_decoders_read_codes():
    condition = Condition(categorical=(4, 3), continuous=2)
    decoder = Decoder(6, condition)
    logits, mean = decoder.split(decoder(torch.empty(5, 0), torch.randn(5, 6)))
    assert [q.shape for q in logits] == [(5, 4), (5, 3)] and mean.shape == (5, 2)


def test_heads_need_features():
    with pytest.raises(GansmithError, match="and give it an attribute feature_count"):
        build_heads(options("mlp", auxiliary="head"), (2,), LABELS, nn.Linear(2, 1))
    assert build_heads(options("mlp"), (2,), LABELS, nn.Linear(2, 1)) == {}
