"""Networks that are told what is asked for, and heads that read it."""

import dataclasses

import pytest
import torch
from torch import nn

from gansmith.conditions import Condition
from gansmith.errors import GansmithError
from gansmith.networks import DCGAN, MLP, Conditioning, ResNet, build_discriminator, build_generator
from gansmith.networks.build import build_classifier, build_recognition
from gansmith.networks.conditional import ConditionalNorm, Embedding, Recognition
from gansmith.recipes.composition import Recipe, change
from gansmith.terms import AuxiliaryClassifier
from gansmith.training.assemble import build_game

LABELS = Condition(labels=3)
ONE = torch.eye(3)
SHAPES = {"mlp": (2,), "dcgan": (1, 16, 16), "resnet": (3, 8, 8)}
FAMILIES = {"mlp": MLP(hidden=8), "dcgan": DCGAN(width=4), "resnet": ResNet(width=4)}


def how(**changes):
    return Conditioning(condition="labels", embedding=6, **changes)


@pytest.mark.parametrize("network", SHAPES)
def test_the_generator_answers_to_its_label(network):
    torch.manual_seed(0)
    shape = SHAPES[network]
    generator = build_generator(FAMILIES[network], 5, shape, LABELS, how()).eval()
    z = torch.randn(1, 5).expand(3, -1)
    x = generator(z, ONE)
    assert x.shape == (3, *shape) and not torch.allclose(x[0], x[1], atol=1e-4)
    assert torch.allclose(generator(z, ONE[[0, 0, 0]])[1:], x[:1].expand(2, *shape), atol=1e-5)


@pytest.mark.parametrize("way", ["concat", "projection"])
@pytest.mark.parametrize("network", SHAPES)
def test_the_discriminator_judges_sample_and_label_together(network, way):
    torch.manual_seed(0)
    family = FAMILIES[network]
    if network != "mlp":
        family = dataclasses.replace(family, discriminator_norm="none")
    conditioning = how(discriminator_condition=way)
    discriminator = build_discriminator(family, SHAPES[network], LABELS, conditioning).eval()
    x = torch.randn(1, *SHAPES[network]).expand(3, *SHAPES[network])
    output = discriminator(x, ONE)
    assert output.logits.shape == (3,) and output.features.shape == (3, discriminator.feature_count)
    assert output.logits.std() > 1e-6
    if way == "projection":
        plain = discriminator.discriminator(x)
        rows = discriminator.projection.weight.T
        torch.testing.assert_close(output.logits, plain.logits + (rows * plain.features).sum(1))


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
    generator = build_generator(FAMILIES[network], 5, SHAPES[network], LABELS, how(conditional_norm=True))
    kinds = [type(m).__name__ for m in generator.modules()]
    assert "ConditionalNorm" in kinds and kinds.count("BatchNorm2d") == kinds.count("ConditionalNorm")
    generator(torch.randn(3, 5), ONE)
    assert all(m.embedded is None for m in generator.modules() if isinstance(m, ConditionalNorm))  # nothing stays


@pytest.mark.parametrize("by", ["head", "network"])
def test_classifiers_read_labels_and_attributes(by):
    condition = Condition(labels=3, attributes=("a", "b"))
    discriminator = build_discriminator(FAMILIES["dcgan"], (1, 16, 16), condition, how())
    own = build_discriminator(FAMILIES["dcgan"], (1, 16, 16)) if by == "network" else None
    classifier = build_classifier(discriminator, condition, own)
    x = torch.randn(4, 1, 16, 16)
    features = discriminator(x).features
    read = classifier(x, features)
    assert read.shape == (4, 5)
    blind = classifier(x, torch.zeros_like(features))
    assert torch.equal(blind, read) == (by == "network")  # a network of its own looks for itself


def test_recognition_reads_codes():
    condition = Condition(categorical=(4, 3), continuous=2)
    recognition = Recognition(6, condition)
    logits, mean = recognition.split(recognition(torch.empty(5, 0), torch.randn(5, 6)))
    assert [q.shape for q in logits] == [(5, 4), (5, 3)] and mean.shape == (5, 2)


def test_heads_need_features():
    with pytest.raises(GansmithError, match="and give it an attribute feature_count"):
        build_classifier(nn.Linear(2, 1), LABELS)
    with pytest.raises(GansmithError, match="and give it an attribute feature_count"):
        build_recognition(nn.Linear(2, 1), LABELS)
    recipe = change(Recipe(conditioning=how()), {"hidden": 8, "latent": 5, "vectors": "mlp"})
    networks = {"generator": build_generator(MLP(8), 5, (2,), LABELS, how()), "discriminator": nn.Linear(2, 1)}
    device = torch.device("cpu")
    assert set(build_game(recipe, (2,), device, LABELS, networks).networks) == {"generator", "discriminator"}
    headed = dataclasses.replace(recipe, terms=(*recipe.terms, AuxiliaryClassifier()))
    with pytest.raises(GansmithError, match="and give it an attribute feature_count"):
        build_game(headed, (2,), device, LABELS, networks)
