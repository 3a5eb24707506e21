"""Sample i depends on seed and i, whatever else is drawn with it, and drawing leaves everything as it was."""

import base64
import copy
import io
import pickle
import random
import re

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.errors import GansmithError
from gansmith.generators import ConditionRequest, file
from gansmith.generators.latents import BLOCK
from gansmith.generators.pictures import grid

COUNTS = [1, 5, BLOCK, BLOCK + 1, 200]
CLOSE = {"rtol": 1e-5, "atol": 1e-6}
REQUESTS = {
    "labels": ConditionRequest(labels=["fox", "ant", "ant"]),
    "attributes": ConditionRequest(attributes={"smiling": 0.5}),
    "codes": ConditionRequest(codes={1: 2, 3: -0.5}),
}


def same(a, b):
    return (a is None and b is None) or torch.equal(a, b)


@pytest.mark.parametrize("truncation", [1.0, 0.5])
@pytest.mark.parametrize("asked", [False, True])
def test_what_sample_i_is_made_from_is_the_same_however_many_there_are(untrained, kind, asked, truncation):
    gan, _ = untrained(kind)
    request = REQUESTS.get(kind) if asked else None
    z, c = gan.latents(300, 3, truncation, request)
    assert len(z.unique(dim=0)) == 300 and (c is None) == (kind in ("vectors", "uniform", "images"))
    samples = torch.cat(list(gan.make(gan.latents(300, 3, truncation, request))))
    for count in COUNTS:
        few = gan.latents(count, 3, truncation, request)
        assert few.z.shape == (count, gan.prior.latent)
        assert torch.equal(few.z, z[:count]) and same(few.c, None if c is None else c[:count]), count
        made = torch.cat(list(gan.make(few)))
        torch.testing.assert_close(made, samples[:count], **CLOSE)
        assert made.shape == (count, *gan.shape)
    assert not torch.equal(gan.latents(5, 4, truncation, request).z, z[:5])


@pytest.mark.parametrize("piece", [1, 7, BLOCK, 130, 1000])
def test_pieces_are_the_whole(untrained, kind, piece):
    gan, _ = untrained(kind)
    latents = gan.latents(130, 1)
    pieces = list(gan.make(latents, piece))
    assert [len(part) for part in pieces] == [min(piece, 130 - first) for first in range(0, 130, piece)]
    torch.testing.assert_close(torch.cat(pieces), gan.sample(130, 1), **CLOSE)


def test_a_sample_alone_is_the_one_among_64_though_training_would_look_at_all_of_them(untrained, tmp_path):
    """Batch norm in training shifts and scales by what is drawn together; a loaded generator never does."""
    gan, family = untrained("images")
    (tmp_path / "x.safetensors").write_bytes(file.content(gan, family))
    loaded = file.load(tmp_path / "x.safetensors")
    many = loaded.sample(64, seed=2)
    torch.testing.assert_close(loaded.sample(1, seed=2), many[:1], **CLOSE)
    latents = loaded.latents(64, seed=2)
    one = next(loaded.make(latents._replace(z=latents.z[40:41])))
    torch.testing.assert_close(one, many[40:41], **CLOSE)
    batch = loaded.generator.train()(latents.z)
    assert (batch - many).abs().max() > 1e-2  # these weights can tell


@pytest.mark.parametrize("training", [True, False])
def test_mode_statistics_and_global_randomness_are_left_as_they_were(untrained, kind, training):
    gan, _ = untrained(kind)
    gan.generator.train(training)
    weights = {name: value.clone() for name, value in gan.generator.state_dict().items()}
    states = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    first = gan.sample(9, seed=1)
    next(gan.make(gan.latents(600), piece=5))  # who stops early changes nothing either
    assert torch.equal(torch.get_rng_state(), states[0])
    assert random.getstate() == states[1] and np.random.get_state()[1].tolist() == states[2]  # noqa: NPY002
    assert {module.training for module in gan.generator.modules()} == {training}
    for name, value in gan.generator.state_dict().items():
        assert torch.equal(value, weights[name]), name
    torch.manual_seed(5)
    torch.testing.assert_close(gan.sample(9, seed=1), first, rtol=0, atol=0)
    assert not first.requires_grad


def test_labels_are_asked_for_in_turn_across_blocks_and_named(untrained):
    gan, _ = untrained("labels")
    asked = ConditionRequest(labels=["fox", 1, "ant", "fox", "bee"])
    names = gan.labels_of(gan.latents(BLOCK + 30, request=asked))
    assert names == (["fox", "bee", "ant", "fox", "bee"] * 20)[: BLOCK + 30]
    assert untrained("images")[0].labels_of(gan.latents(3)) is None


def test_values_asked_for_stand_where_they_belong_and_the_rest_is_drawn(untrained):
    attributes, _ = untrained("attributes")
    _, c = attributes.latents(200, request=REQUESTS["attributes"])
    assert (c[:, 1] == 0.5).all() and set(c[:, 0].tolist()) == {0.0, 0.5, 1.0}
    codes, _ = untrained("codes")
    _, c = codes.latents(200, request=REQUESTS["codes"])
    parts = codes.condition.split(c)
    assert (parts.categorical[1].argmax(dim=1) == 2).all() and (parts.categorical[1].sum(dim=1) == 1).all()
    assert (parts.continuous[:, 1] == -0.5).all() and parts.continuous[:, 0].std() > 0.4
    assert parts.categorical[0].sum(dim=0).min() > 30


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ({"count": 0}, "count = 0 must be at least 1"),
        ({"count": 2, "truncation": 0}, r"truncation = 0 must be in \(0, 1\]"),
        ({"count": 2, "truncation": 1.5}, r"truncation = 1.5 must be in \(0, 1\]"),
        ({"count": 2, "codes": {0: float("nan")}}, "code 0 = nan is a category"),
        ({"count": 2, "codes": {0: float("inf")}}, "code 0 = inf is a category"),
        ({"count": 2, "codes": {2: float("nan")}}, "code 2 = nan is continuous"),
    ],
)
def test_what_cannot_be_drawn(untrained, wanted, line):
    with pytest.raises(GansmithError, match=line):
        untrained("codes")[0].sample(**wanted)


def test_it_says_in_a_line_what_it_is_and_a_notebook_shows_samples(untrained, kind):
    gan, _ = untrained(kind)
    line = {
        "vectors": "<TrainedGenerator test: 2, latent 3, step 7>",
        "uniform": "<TrainedGenerator test: 1x8x8, latent 3, step 7>",
        "images": "<TrainedGenerator test: 1x8x8, latent 5, step 7>",
        "labels": "<TrainedGenerator test: 1x8x8, latent 5, step 7; labels ant, bee, fox>",
        "attributes": "<TrainedGenerator test: 1x8x8, latent 5, step 7; attributes young, smiling>",
        "codes": "<TrainedGenerator test: 1x8x8, latent 5, step 7; codes 0 to 3>",
    }
    assert repr(gan) == line[kind]
    page = gan._repr_html_()
    assert page.startswith(f"<p>{line[kind][1:-1]}</p><img ")
    content = base64.b64decode(re.search(r"base64,([^\"]+)", page)[1])
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(content))), np.asarray(gan.picture(16)))


def test_a_picture_takes_whatever_samples_are_asked_for(untrained):
    gan, _ = untrained("labels")
    assert np.array_equal(np.asarray(gan.picture(9, seed=3, labels="fox")), grid(gan.sample(9, 3, labels="fox")))
    assert gan.picture(4).size == gan.picture(seed=[1, 2, 3]).size == gan.picture(latents=torch.zeros(4, 5)).size


def test_labels_come_in_every_form(untrained):
    gan, _ = untrained("labels")
    expected = gan.sample(5, labels=["bee", "fox"])
    for labels in ([1, 2], (1, "fox"), torch.tensor([1, 2]), np.array([1, 2]), np.array(["bee", "fox"])):
        assert torch.equal(gan.sample(5, labels=labels), expected)
    assert torch.equal(gan.sample(5, labels=[torch.tensor(1), np.int64(2)]), expected)
    one = gan.sample(5, labels=["fox"])
    for labels in (2, "fox", "2", torch.tensor(2), np.int64(2), np.array("fox"), range(2, 3)):
        assert torch.equal(gan.sample(5, labels=labels), one)


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ({"labels": {1: 2}}, "labels: give a name or number, or a list of them, not a dict"),
        ({"labels": {"ant", "fox"}}, "not a set"),
        ({"labels": b"ant"}, "not a bytes"),
        ({"labels": torch.eye(3)}, "labels: one name or number a sample, not a list"),
        ({"labels": [None]}, "labels: one name or number a sample, not a NoneType"),
        ({"labels": [["ant"]]}, "one name or number a sample, not a list"),
        ({"labels": torch.tensor([1.0])}, "unknown label '1.0'"),
        ({"labels": "ant,fox"}, "unknown label 'ant,fox'"),
        ({"labels": torch.tensor([])}, "labels: name one at least"),
        ({"labels": 3}, "unknown label '3'"),
        ({"attributes": ["young"]}, "attributes: give a dict of values, not a list"),
        ({"attributes": {"young": "yes"}}, "attributes: the value of young is 'yes', no number"),
        ({"codes": [1]}, "codes: give a dict of values, not a list"),
        ({"codes": {0: None}}, "codes: the value of 0 is None, no number"),
    ],
)
def test_nonsense_is_one_line(untrained, wanted, line):
    with pytest.raises(GansmithError, match=re.escape(line)) as caught:
        untrained("labels")[0].sample(2, **wanted)
    assert "\n" not in str(caught.value)


def test_codes_go_by_number_alone(untrained):
    with pytest.raises(GansmithError, match="code '0': codes are numbered from 0"):
        untrained("codes")[0].sample(2, codes={"0": 1})


def test_a_generator_survives_copying_and_pickling(untrained):
    gan, _ = untrained("labels")
    for other in (copy.deepcopy(gan), pickle.loads(pickle.dumps(gan))):
        assert torch.equal(other.sample(3, labels=1), gan.sample(3, labels=1))
