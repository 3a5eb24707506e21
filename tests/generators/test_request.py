"""Asking a trained generator for labels, attributes and codes; data that cannot give what a recipe asks of them."""

import json

import datasets
import numpy as np
import pytest
import torch
from PIL import Image

import gansmith
from gansmith.data import Source, open_dataset
from gansmith.data.digits import digits
from gansmith.errors import GansmithError
from gansmith.generators import Vocabulary
from gansmith.generators.request import _words
from gansmith.records.run_folder import RunFolder

TINY = {"steps": 4, "batch": 12, "width": 4, "hidden": 8, "latent": 5, "evaluate_every": 0, "image_size": 8}


@pytest.fixture(scope="module")
def gans(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    names = ("cdcgan", "attribute-gan", "infogan", "dcgan")
    return {name: gansmith.train(gansmith.recipe(name, **TINY), folder / name, quiet=True) for name in names}


def test_labels_by_number_or_name_and_over_again(gans):
    gan = gans["cdcgan"]
    threes = gan.sample(4, seed=1, labels=[3])
    assert torch.equal(threes, gan.sample(4, seed=1, labels=["3", 3]))
    assert not torch.allclose(threes, gan.sample(4, seed=1, labels=[5]))
    in_turn = gan.sample(12, seed=1, labels=list(range(10)))
    torch.testing.assert_close(in_turn[3], threes[3])
    torch.testing.assert_close(in_turn[[1, 11]], gan.sample(12, seed=1, labels=[1])[[1, 11]])


def test_attributes_by_name_the_others_from_real_samples(gans):
    gan = gans["attribute-gan"]
    assert gan.vocabulary.attributes == ("bold", "leaning", "even") and len(gan.vocabulary.rows) == 256
    bold, thin = gan.sample(6, attributes={"bold": 1.0}), gan.sample(6, attributes={"bold": 0})
    assert not torch.allclose(bold, thin) and torch.equal(bold, gan.sample(6, attributes={"bold": 1.0}))
    everything = {"bold": 0.5, "leaning": 0.5, "even": 1}
    same = gan.sample(3, attributes=everything)
    assert same.shape == (3, 1, 8, 8)


def test_codes_by_number_categories_first(gans):
    gan = gans["infogan"]
    four = gan.sample(5, codes={0: 4, 1: -0.5})
    assert not torch.allclose(four, gan.sample(5, codes={0: 5, 1: -0.5}))
    assert not torch.allclose(four, gan.sample(5, codes={0: 4, 1: 0.5}))
    pictures = {p.name for p in (gan.run / "samples").iterdir()}
    assert {"step-00000004.png", "codes-00000004.png"} <= pictures
    width, height = Image.open(gan.run / "samples" / "codes-00000004.png").size
    assert width / height == pytest.approx(10 / 9, abs=0.01)  # three codes, three rows each, ten values


@pytest.mark.parametrize(
    ("name", "asked", "line"),
    [
        ("dcgan", {"labels": [1]}, "labels cannot be asked for: this dcgan was trained without"),
        ("cdcgan", {"codes": {0: 1}}, "codes cannot be asked for"),
        ("cdcgan", {"labels": [10]}, "unknown label '10': did you mean '1'"),
        ("cdcgan", {"labels": []}, "name one at least"),
        ("attribute-gan", {"attributes": {"Bold": 1}}, "unknown attribute 'Bold': did you mean 'bold'"),
        ("attribute-gan", {"attributes": {"bold": 2}}, r"attribute bold = 2 must be in \[0, 1\]"),
        ("infogan", {"codes": {3: 0}}, "code 3: there are codes 0 to 2"),
        ("infogan", {"codes": {0: 10}}, "code 0 = 10 is a category and must be one of 0 to 9"),
        ("infogan", {"codes": {0: 0.5}}, "code 0 = 0.5 is a category"),
        ("infogan", {"codes": {1: -1.5}}, r"code 1 = -1.5 is continuous and must be in \[-1, 1\]"),
    ],
)
def test_requests_that_cannot_be_met(gans, name, asked, line):
    with pytest.raises(GansmithError, match=line):
        gans[name].sample(3, **asked)


def test_a_conditional_run_is_measured_by_the_label_it_was_asked_for(gans):
    report = gansmith.evaluate(gans["cdcgan"], samples=1000)
    assert 0 <= report.metrics["label_accuracy"] <= 0.6  # four steps teach nobody
    assert report.metrics["intra_fid"] > 1 and "accuracy of 7" in report.details


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    """A parquet file with images and two attributes, and the same as arrays."""
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    shades = digits(8).samples[:40, 0].numpy()
    rows = {"image": [Image.fromarray(s) for s in shades], "glad": [i % 2 == 0 for i in range(40)]}
    rows |= {"age": [i / 39 for i in range(40)], "word": ["x"] * 40, "far": [3.0] * 40}
    kinds = {"glad": "bool", "age": "float32", "word": "string", "far": "float32"}
    features = datasets.Features({"image": datasets.Image(), **{k: datasets.Value(v) for k, v in kinds.items()}})
    datasets.Dataset.from_dict(rows, features=features).to_parquet(tmp_path / "faces.parquet")
    np.savez(tmp_path / "faces.npz", images=shades, glad=np.arange(40) % 2 == 0, age=np.arange(40) / 39)
    return tmp_path


@pytest.mark.parametrize("name", ["faces.parquet", "faces.npz"])
@pytest.mark.parametrize("limit", [2.0, 0.0])
def test_attributes_come_with_their_images(pictures, name, limit):
    source = Source(str(pictures / name), attribute_columns="age, glad", resident_limit=limit, workers=0)
    data = open_dataset(source)
    assert data.attribute_names == ["age", "glad"]
    batch = next(data.batches(40, 0, 0, torch.device("cpu")))
    shades = digits(8).samples[:40].float() / 127.5 - 1
    for image, (age, glad) in zip(batch.x, batch.attributes, strict=True):
        row = round(float(age) * 39)
        assert torch.allclose(image, shades[row]) and float(glad) == (row % 2 == 0)


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        ("word", r"column 'word' holds 'x' in row 0: .* one number in \[0, 1\]"),
        ("far", r"column 'far' holds 3.0 in row 0: .* one number in \[0, 1\]"),
        ("agee", "unknown column 'agee': did you mean"),
    ],
)
def test_columns_that_are_no_attributes(pictures, columns, line):
    with pytest.raises(GansmithError, match=line):
        open_dataset(Source(str(pictures / "faces.parquet"), attribute_columns=columns))


def test_conditional_recipes_name_the_columns_there_are(pictures, tmp_path):
    path = str(pictures / "faces.parquet")
    with pytest.raises(GansmithError, match=r"cdcgan needs labels, .* it has the columns image, glad, age"):
        gansmith.train(gansmith.recipe("cdcgan", **TINY, data=path), tmp_path / "a", quiet=True)
    with pytest.raises(GansmithError, match=r"attribute-gan needs attributes.* name them with --attribute-columns"):
        none = gansmith.recipe("attribute-gan", **TINY, data=path, attribute_columns="")
        gansmith.train(none, tmp_path / "b", quiet=True)
    assert not (tmp_path / "a").exists()
    named = gansmith.recipe("attribute-gan", **TINY, data=path, attribute_columns="glad")
    assert gansmith.train(named, tmp_path / "c", quiet=True).sample(2, attributes={"glad": 1}).shape == (2, 1, 8, 8)


def test_labels_that_are_not_used_are_mentioned_once(tmp_path, capsys):
    gansmith.train(gansmith.recipe("dcgan", **TINY), tmp_path / "a")
    assert capsys.readouterr().err.count("dcgan makes no use of the labels; cdcgan, cgan and acgan do") == 1
    gansmith.train(gansmith.recipe("cdcgan", **TINY), tmp_path / "b")
    assert "no use of the labels" not in capsys.readouterr().err


def test_a_config_without_words_is_still_read(gans):
    """Neither those of before conditions nor those of before files described themselves say any."""
    path = gans["dcgan"].run / "config.json"
    config = json.loads(path.read_text())
    assert config["vocabulary"]["labels"] == [str(i) for i in range(10)]
    del config["vocabulary"]
    path.write_text(json.dumps(config))
    assert RunFolder(gans["dcgan"].run).read().vocabulary == Vocabulary()
    assert gansmith.load(gans["dcgan"].run).sample(2).shape == (2, 1, 8, 8)


@pytest.mark.parametrize(
    ("recipe", "changes", "line"),
    [
        ("dcgan", {"discriminator_condition": "concat"}, "discriminator_condition = concat needs --condition"),
        ("dcgan", {"auxiliary": "head"}, "auxiliary needs --condition labels or attributes"),
        ("dcgan", {"conditional_norm": True}, "conditional_norm needs something to depend on"),
        ("cdcgan", {"conditional_norm": True, "generator_norm": "none"}, "needs --generator-norm batch, not none"),
        ("cdcgan", {"replay": 1.0}, "replay forgets what old fakes were asked for"),
        ("pacgan", {"batch": 13}, "pack = 2 must divide batch = 13: use --batch 14"),
        ("pacgan", {"r1": 1.0}, "pack = 2: r1 looks at single samples"),
        ("pacgan", {"continuous_codes": 1}, "pack = 2 goes with neither conditions, codes nor"),
        (
            "unrolled",
            {"n_critic": 5},
            "n_critic is a setting of a component that is not there: choose dynamics = alternating",
        ),
        ("unrolled", {"consensus": 1.0}, "consensus and unrolled both look ahead"),
        ("infogan", {"categories": 1}, "categories = 1 must be at least 2"),
        (
            "diffaugment",
            {"augment": "colour"},
            "diff_augment = colour must be any of color, translation, cutout, with commas between them",
        ),
        (
            "diffaugment",
            {"data": "ring", "image_size": None},
            "diff_augment needs images, and 8 Gaussians on a ring has none",
        ),
    ],
)
def test_choices_that_void_each_other_are_refused(tmp_path, recipe, changes, line):
    with pytest.raises(GansmithError, match=line):
        gansmith.train(gansmith.recipe(recipe, **TINY | changes), tmp_path / "run", quiet=True)
    assert not (tmp_path / "run").exists()


class Number:
    """A number of a library that nobody knows: it has no dimensions."""

    def item(self):
        return 1


def test_labels_may_be_numbers_of_any_library():
    for given in (
        1,
        [1],
        (1,),
        torch.tensor([1]),
        torch.tensor(1),
        [torch.tensor(1)],
        np.array([1]),
        [np.int64(1)],
        [Number()],
    ):
        assert _words(given) == [1]
    assert _words(None) is None and _words("ant") == ["ant"] and _words(["ant", 2]) == ["ant", 2]
    for wrong in (b"ant", {"ant"}, 1j, [[1]], [torch.tensor([1])], [None]):
        with pytest.raises(GansmithError, match="labels: "):
            _words(wrong)
