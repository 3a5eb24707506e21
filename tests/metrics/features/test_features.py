"""Features: the same for the same data, whatever happens around them."""

import sys

import pytest
import torch
from torch import nn

from gansmith.data.digits import digits
from gansmith.data.images import Resident, to_range
from gansmith.data.stacked import stack
from gansmith.data.toys import ring
from gansmith.errors import GansmithError
from gansmith.metrics.features import Seen, classifier, open_features

IMAGES = to_range(digits(8).samples[:300])


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GANSMITH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_raw_are_the_samples_themselves():
    assert torch.equal(open_features("raw", digits(8))(IMAGES).features, IMAGES.flatten(1))


@pytest.mark.parametrize("choice", ["random", "classifier"])
def test_the_same_whatever_the_random_state_and_it_is_left_alone(choice):
    torch.manual_seed(1)
    state = torch.get_rng_state()
    first = open_features(choice, digits(8))(IMAGES)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(2)
    assert torch.equal(open_features(choice, digits(8))(IMAGES).features, first.features)
    assert first.features.std(dim=0).min() >= 0 and first.features.std() > 0.05


def test_pieces_do_not_matter():
    features = open_features("random", digits(8))
    torch.testing.assert_close(features(iter(IMAGES.split(17))).features, features(IMAGES).features)


def test_the_classifier_knows_digits_it_has_not_seen():
    features = open_features("classifier", digits(8))
    assert features.about["accuracy"] > 0.96 and features.about["held out"] == 179
    seen = features(IMAGES)
    assert seen.features.shape == (300, 64) and float(seen.features.square().mean()) == pytest.approx(1, rel=0.1)
    right = seen.probabilities.argmax(1) == digits(8).labels[:300]
    assert float(right.double().mean()) > 0.97
    torch.testing.assert_close(seen.probabilities.sum(1), torch.ones(300))


def test_the_classifier_is_trained_once_and_known_by_its_data(cache, monkeypatch):
    monkeypatch.setattr(classifier, "SEEN", 2000)
    first = open_features("classifier", digits(8))
    trained = []
    train = classifier._train
    monkeypatch.setattr(classifier, "_train", lambda *a: trained.append(1) or train(*a))
    again = open_features("classifier", digits(8))
    assert not trained and again.about == first.about
    assert torch.equal(again(IMAGES).features, first(IMAGES).features)
    d = digits(8)
    fewer = Resident(d.samples[:1000], d.labels[:1000], d.label_names, "a part")
    assert open_features("classifier", fewer).about["hash"] != first.about["hash"] and trained == [1]
    (damaged,) = cache.glob(f"*{first.about['hash']}*")
    damaged.write_bytes(damaged.read_bytes()[:200])
    assert torch.equal(open_features("classifier", digits(8))(IMAGES).features, first(IMAGES).features)
    assert trained == [1, 1]


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path, monkeypatch):
    monkeypatch.setattr(classifier, "SEEN", 2000)
    (tmp_path / "file").touch()
    monkeypatch.setenv("GANSMITH_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.warns(UserWarning, match="the classifier will be trained again next time"):
        open_features("classifier", digits(8))


def test_stacked_digits_are_seen_channel_by_channel():
    base = digits(8)
    one, joint = open_features("classifier", base), open_features("classifier", stack(base))
    assert joint.about == one.about  # the same classifier
    x = IMAGES[:30].reshape(10, 3, 8, 8)
    seen, alone = joint(x), one(IMAGES[:30])
    torch.testing.assert_close(seen.features, alone.features.reshape(10, 192))
    assert seen.probabilities.shape == (10, 1000)
    classes = alone.probabilities.argmax(1).reshape(10, 3)
    assert torch.equal(seen.probabilities.argmax(1), classes @ torch.tensor([100, 10, 1]))


def test_auto_takes_what_the_data_allow():
    d = digits(8)
    unlabelled = Resident(d.samples, None, [], "no labels")
    few = Resident(d.samples[:150], d.labels[:150], d.label_names, "15 a class")
    chosen = {name: open_features("auto", data).name for name, data in
              {"digits": d, "unlabelled": unlabelled, "few": few, "ring": ring()}.items()}  # fmt: skip
    assert chosen == {"digits": "classifier", "unlabelled": "random", "few": "random", "ring": "raw"}


def test_own_networks_and_functions(tmp_path, monkeypatch):
    network = nn.Sequential(nn.Flatten(), nn.Dropout(0.9), nn.Linear(64, 3))
    features = open_features(network, digits(8))
    assert torch.equal(features(IMAGES).features, features(IMAGES).features)  # no dropout
    assert network.training and features.name == "Sequential"
    with_classes = open_features(lambda x: Seen(x.flatten(1), x.flatten(1)[:, :2].softmax(1)), digits(8))
    assert with_classes(IMAGES).probabilities.shape == (300, 2)
    (tmp_path / "mine_features.py").write_text("def rows(x):\n    return x.mean(dim=3)\n")
    monkeypatch.chdir(tmp_path)
    path = list(sys.path)
    imported = open_features("mine_features:rows", digits(8))
    assert imported.name == "rows" and imported(IMAGES).features.shape == (300, 8)
    assert sys.path == path


@pytest.mark.parametrize(
    ("choice", "data", "line"),
    [
        ("inceptoin", digits, "unknown features 'inceptoin': did you mean 'inception'"),
        ("random", ring, "--features random needs images, and these are vectors: use --features raw"),
        ("no_such_module:f", digits, "cannot be imported .* write MODULE:ATTRIBUTE"),
        ("math:pi", digits, "must be a function or an nn.Module, not float"),
        ("torch.nn:Linear", digits, "must be a function or an nn.Module, not type"),
    ],
)
def test_impossible_choices(choice, data, line):
    with pytest.raises(GansmithError, match=line):
        open_features(choice, data())


def test_a_classifier_needs_labels_and_features_must_be_finite():
    d = digits(8)
    with pytest.raises(GansmithError, match="needs labelled data: use --features random"):
        open_features("classifier", Resident(d.samples, None, [], "no labels"))
    with pytest.raises(GansmithError, match="NaN or infinite: the generator diverged"):
        open_features("raw", d)(IMAGES / 0)
    with pytest.raises(GansmithError, match="gave 1 rows for 200 samples"):
        open_features(lambda x: x.sum((0, 2, 3))[None], d)(IMAGES[:200])
    with pytest.raises(GansmithError, match="no samples to measure"):
        open_features("raw", d)(iter([]))


def test_inception_without_its_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch_fidelity", None)
    with pytest.raises(GansmithError, match=r"needs torch-fidelity .* pip install 'gansmith\[metrics\]'"):
        open_features("inception", digits(8))


def test_inception_through_torch_fidelity(fidelity, tmp_path, monkeypatch):
    """With weights of the real form, which cannot be downloaded here: gray becomes three channels, bytes go in."""
    module = fidelity("feature_extractor_inceptionv3")
    monkeypatch.setattr(torch.hub, "_hub_dir", None)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(module, "URL_INCEPTION_V3", "file:///nowhere/weights-inception.pth")
    with pytest.raises(GansmithError, match=r"the weights cannot be had .*: download file:///nowhere/weights-incep"):
        open_features("inception", digits(8))
    torch.manual_seed(0)
    with monkeypatch.context() as patch:
        patch.setattr(module, "load_state_dict_from_url", lambda *a, **k: None)
        patch.setattr(nn.Module, "load_state_dict", lambda *a: None)
        network = module.FeatureExtractorInceptionV3("random", ["2048", "logits_unbiased"])
    checkpoints = tmp_path / "hub" / "checkpoints"
    checkpoints.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), checkpoints / "weights-inception.pth")
    seen = open_features("inception", digits(8))(IMAGES[:3])
    pixels = digits(8).samples[:3].expand(-1, 3, -1, -1)
    features, logits = network(pixels)
    torch.testing.assert_close(seen.features, features)
    torch.testing.assert_close(seen.probabilities, logits.softmax(1))
    assert seen.features.shape == (3, 2048)


@pytest.mark.parametrize(
    "error", ["RuntimeError('operator torchvision::nms does not exist')", "OSError('no such .so')"]
)
def test_a_torchvision_that_does_not_fit_is_one_line(tmp_path, monkeypatch, error):
    for name in ("torch_fidelity", "torchvision"):
        (tmp_path / name).mkdir()
        for loaded in [one for one in sys.modules if one.partition(".")[0] == name]:
            monkeypatch.delitem(sys.modules, loaded)
    (tmp_path / "torchvision" / "__init__.py").write_text(f"raise {error}")
    (tmp_path / "torch_fidelity" / "__init__.py").write_text("import torchvision")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(GansmithError, match=r"(operator torch|no such).*a torchvision that fits") as caught:
        open_features("inception", digits(8))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("side", "stages"), [(4, 0), (5, 1), (8, 1), (16, 2), (28, 3), (32, 3), (64, 4), (128, 5), (256, 6)]
)
@pytest.mark.parametrize("channels", [1, 3])
def test_a_classifier_halves_the_side_down_to_4_and_doubles_its_maps_up_to_128(side, stages, channels):
    network = classifier.Classifier((channels, side, side), 7).eval()
    sums = [layer for layer in network.body if isinstance(layer, nn.Conv2d)]
    assert [layer.out_channels for layer in sums] == [min(16 * 2**i, 128) for i in range(stages)]
    seen = network(torch.zeros(2, channels, side, side))
    assert seen.features.shape == (2, 64) and seen.probabilities.shape == (2, 7)
    assert all(layer.weight.is_contiguous(memory_format=torch.channels_last) for layer in sums)


@pytest.mark.parametrize(("height", "width"), [(8, 32), (32, 8), (12, 40)])
def test_a_classifier_halves_until_the_longer_side_is_4(height, width):
    network = classifier.Classifier((1, height, width), 3).eval()
    maps = network.body[:-3](torch.zeros(2, 1, height, width))
    assert max(maps.shape[2:]) in (3, 4) and network(torch.zeros(2, 1, height, width)).features.shape == (2, 64)


def test_random_features_keep_the_scale_of_what_they_look_at():
    """He et al. 2015: the mean square of what a rectified stage gives is half of twice what it took."""
    network = open_features("random", Resident(torch.zeros(1, 3, 64, 64, dtype=torch.uint8), None, [], "black")).network
    x = torch.randn(8, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    for stage in network.stages:
        before, x = float(x.square().mean()), stage(x).relu()
        assert 0.4 < float(x.square().mean()) / before < 1.5
    assert network(torch.zeros(2, 3, 64, 64)).shape == (2, 4 * (16 + 32 + 32))
    sizes = [network(torch.randn(2, 3, side, side)).shape for side in (8, 32)]
    assert sizes[0] == sizes[1] and not any(p.requires_grad for p in network.parameters())


def test_images_of_a_lesson_are_as_many_as_fit(monkeypatch):
    d = digits(8)
    monkeypatch.setattr(classifier, "MEMORY", 64 * 100)
    images, labels = classifier._lesson(d)
    assert images.shape == (100, 1, 8, 8) and images.dtype == torch.uint8 and len(labels) == 100
    monkeypatch.setattr(classifier, "MEMORY", 1)
    assert len(classifier._lesson(d)[0]) == 1
