"""Portraits are drawn bit for bit by (seed, index) alone, show what is known of them, and are kept in the cache."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from gansmith.data import Source, open_dataset
from gansmith.data.portraits import ATTRIBUTES, HELD_OUT, attributes, draw, portraits, stored
from gansmith.data.portraits.canvas import Frame
from gansmith.data.portraits.chance import Chance
from gansmith.data.portraits.drawing import render, to_bytes
from gansmith.data.portraits.people import People
from gansmith.data.portraits.traits import Traits, traits
from gansmith.errors import GansmithError

AT = {name: column for column, name in enumerate(ATTRIBUTES)}
COLOURS = ("Brown_Hair", "Black_Hair", "Blond_Hair", "Red_Hair", "Gray_Hair")
RELATED = [
    {"Young", *COLOURS},
    {
        *("Male", "Hair_Length", "Wavy_Hair", "Bangs", "Bald", "No_Beard", "Mustache"),
        *("Wearing_Earrings", "Wearing_Lipstick", "Heavy_Makeup"),
    },
]
"""Attributes of one set depend on each other; all others are independent."""


def looks(seed, count):
    chance = Chance(seed, np.arange(count))
    return traits(People(chance), chance)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("GANSMITH_CACHE", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("size", [32, 45, 64, 128])
def test_a_portrait_is_the_same_alone_in_a_batch_and_in_any_order(size):
    count = 40 if size < 128 else 10
    images, known = draw(5, range(count), size)
    order = np.random.default_rng(0).permutation(count)
    again, known_again = draw(5, order, size)
    assert torch.equal(again, images[order]) and torch.equal(known_again, known[order])
    for i in range(0, count, 7):
        alone, known_alone = draw(5, [i], size)
        assert torch.equal(alone[0], images[i]) and torch.equal(known_alone[0], known[i])


def test_the_number_of_threads_and_the_global_random_numbers_do_not_matter():
    before = torch.get_rng_state()
    images, _ = draw(5, range(9))
    assert torch.equal(torch.get_rng_state(), before)
    torch.set_num_threads(2)
    try:
        assert torch.equal(draw(5, range(9))[0], images)
    finally:
        torch.set_num_threads(1)


def test_every_index_and_every_seed_is_another_portrait():
    pictures = torch.cat([draw(seed, [0, 1, 2, HELD_OUT, 2**62], 32)[0] for seed in (0, 1, -1, 2**40)])
    for a, b in itertools.combinations(pictures.float(), 2):
        assert (a - b).abs().mean() > 5


def test_random_numbers_are_those_of_splitmix64_and_uniform():
    """The first outputs of the reference generator with state 0 are hashes of multiples of its step."""
    step, told = 0x9E3779B97F4A7C15, [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    from gansmith.data.portraits import chance

    states = np.array([(i * step) % 2**64 for i in range(3)], dtype=np.uint64)
    assert chance._mixed(states).tolist() == told
    columns = Chance(0, np.arange(20_000))
    numbers = np.stack([columns.uniform() for _ in range(20)])
    assert numbers.min() >= 0 and numbers.max() < 1
    assert np.abs(np.sort(numbers, axis=1) - np.linspace(0, 1, 20_000)).max() < 0.015  # Kolmogorov, p = 0.02 / 20
    assert np.abs(np.corrcoef(numbers) - np.eye(20)).max() < 0.03
    assert np.abs([np.corrcoef(row[1:], row[:-1])[0, 1] for row in numbers]).max() < 0.03


@pytest.mark.parametrize("name", sorted(looks(0, 1).values))
def test_every_trait_is_seen(name):
    """Each of the numbers that a portrait is drawn by changes some portraits, and none goes bad by it."""
    look = looks(11, 24)
    value = look.values[name]
    other = Traits({**look.values, name: value.roll(1, 0) if len(value.unique()) > 1 else value + 1})
    change = (to_bytes(render(other, 32)).int() - to_bytes(render(look, 32)).int()).abs()
    assert change.flatten(1).max(1).values.max() > 4, f"{name} changes nothing"


def test_boxes_cut_nothing_off(monkeypatch):
    """Painting layers over the whole picture gives the same bits as inside their boxes."""
    look = looks(17, 300)
    boxed = render(look, 32)
    monkeypatch.setattr(Frame, "box", lambda self, *edges: (slice(None), slice(0, self.size), slice(0, self.size)))
    beyond = (render(look, 32) != boxed).flatten(1).any(1)
    assert not beyond.any(), beyond.nonzero().flatten().tolist()


def test_pictures_use_all_shades_and_none_is_flat():
    images, _ = draw(0, range(200))
    assert images.dtype == torch.uint8 and images.shape == (200, 3, 64, 64)
    assert images.min() < 16 and images.max() == 255
    assert images.float().std(dim=(1, 2, 3)).min() > 20
    assert images.float().mean(dim=(1, 2, 3)).min() > 60


def test_four_of_the_attributes_are_there_in_a_quarter_to_three_quarters():
    known = attributes(0, range(20_000))
    assert known.shape == (20_000, len(ATTRIBUTES)) and known.dtype == torch.float32
    assert known.min() >= 0 and known.max() <= 1
    for name in ("Young", "Smiling", "Male", "Brown_Hair"):
        assert 0.25 < (known[:, AT[name]] > 0.5).float().mean() < 0.75, name
    assert ((known > 0.5).float().mean(dim=0) > 0.07).all()  # nothing is so rare that it could not be learnt


def test_attributes_are_related_as_told_and_otherwise_independent():
    r = torch.corrcoef(attributes(1, range(40_000)).T)
    for a, b in itertools.combinations(ATTRIBUTES, 2):
        if not any({a, b} <= related for related in RELATED):
            assert abs(r[AT[a], AT[b]]) < 0.025, (a, b)
    told = {
        ("Young", "Gray_Hair"): -0.67,
        ("Male", "No_Beard"): -0.62,
        ("Male", "Mustache"): 0.51,
        ("Male", "Hair_Length"): -0.57,
        ("Male", "Wearing_Lipstick"): -0.42,
        ("Male", "Wearing_Earrings"): -0.30,
        ("Male", "Heavy_Makeup"): -0.38,
        ("Male", "Bald"): 0.22,
    }
    for (a, b), expected in told.items():
        assert abs(r[AT[a], AT[b]] - expected) < 0.03, (a, b, float(r[AT[a], AT[b]]))


def contrast(tone, name):
    """Return how much pictures of this skin change, on average, when one trait is taken to the other extreme."""
    look = looks(3, 48)
    chance = Chance(3, np.arange(48))
    people = People(chance)
    people.known["Skin_Tone"] = np.full(48, tone)
    shown = []
    for extreme in (0.0, 1.0):
        again = Chance(3, np.arange(48))
        People(again)  # takes the same random numbers
        people.known[name] = np.full(48, extreme)
        shown.append(render(traits(people, again), 48))
    assert len(look) == 48
    return float((shown[1] - shown[0]).abs().mean())


@pytest.mark.parametrize("name", ["Young", "Smiling", "Male", "Rosy_Cheeks", "Wearing_Lipstick", "Heavy_Makeup"])
def test_features_are_as_clear_on_the_darkest_skin_as_on_the_lightest(name):
    dark, light = contrast(1.0, name), contrast(0.0, name)
    assert 0.5 < dark / light < 2.0, (dark, light)


def test_smiles_turn_the_corners_of_the_mouth_up():
    """Of the same people, whose mouth is darker above its middle than below? Smiles are, frowns are not."""
    look = looks(2, 1)
    still = {
        "x": 0,
        "y": 0,
        "sine": 0,
        "turn": 0,
        "beard": 0,
        "moustache": 0,
        "gap": 0,
        "fold": 0,
        "light": 0,
        "dimple": 0,
    }
    values = {**look.values, **{name: torch.zeros(1, 1, 1) for name in still}, "cosine": torch.ones(1, 1, 1)}
    centres = []
    for smile in (-0.07, 0.17):
        picture = render(Traits({**values, "smile": torch.full((1, 1, 1), smile)}), 128)[0].mean(0)
        bare = render(
            Traits({**values, "smile": torch.full((1, 1, 1), smile), "mouth_wide": torch.full((1, 1, 1), 0.02)}), 128
        )
        dark = (bare[0].mean(0) - picture).clamp(min=0.02) - 0.02
        rows = torch.arange(128.0)[:, None]
        corners = dark[:, list(range(40, 56)) + list(range(72, 88))]
        centres.append(
            float((corners * rows).sum() / corners.sum() - (dark[:, 62:66] * rows).sum() / dark[:, 62:66].sum())
        )
    assert centres[0] > 0 > centres[1]


def test_data_are_opened_by_name_at_the_size_that_the_network_makes(store):
    found = open_dataset(Source("portraits:9"), lambda side: side // 2)
    assert found.shape == (3, 32, 32) and found.count == 9 and found.labels is None
    assert found.attribute_names == list(ATTRIBUTES) and found.description == "portraits: 9 images, 32x32, colour"
    images, known = draw(0, range(9), 32)
    assert torch.equal(found.samples, images) and torch.equal(found.attributes, known)
    some = open_dataset(Source("portraits:9", image_size=40, attribute_columns="Young, Smiling"))
    assert some.attribute_names == ["Young", "Smiling"] and some.shape == (3, 40, 40)
    assert torch.equal(some.attributes, known[:, [AT["Young"], AT["Smiling"]]])


def test_what_a_mirror_changes_is_not_known_of_mirrored_portraits(store):
    mirrored = open_dataset(Source("portraits:3", image_size=32, flip=True))
    assert mirrored.flip and {*ATTRIBUTES} - {*mirrored.attribute_names} == {"Turn", "Tilt", "Light"}
    with pytest.raises(GansmithError, match="--flip: Turn is not what it was"):
        open_dataset(Source("portraits:3", image_size=32, flip=True, attribute_columns="Young,Turn"))


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (Source("portraits:9", image_size=31), "image_size = 31: portraits are drawn 32 to 128 pixels wide"),
        (Source("portraits:9", image_size=256), "image_size = 256"),
        (Source("portraits:5k"), "how many?"),
        (Source("portraits:"), "how many?"),
        (Source("portraits:-1"), "how many?"),
        (Source("portraits:0"), "how many?"),
        (Source("portraits:9", attribute_columns="Yuong"), "did you mean 'Young'?"),
        (Source("portraits:9", label_column="Young"), "no columns"),
        (Source("portraits:400000"), "over --resident-limit 2"),
        (Source("portraits:faces"), "portraits:faces"),  # of a module of one's own
        (Source("portrait"), "did you mean 'portraits'"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_a_line_and_leaves_nothing(source, told, store):
    with pytest.raises(GansmithError) as error:
        open_dataset(source)
    assert told in str(error.value) and "\n" not in str(error.value)
    assert not list(store.iterdir())


def test_the_cache_is_read_and_a_damaged_one_drawn_again(store, monkeypatch):
    first = portraits(32, 20)
    (path,) = store.iterdir()
    whole = path.read_bytes()
    monkeypatch.setattr(stored, "draw", None)  # a second time nothing is drawn
    assert torch.equal(portraits(32, 20).samples, first.samples)
    monkeypatch.setattr(stored, "draw", draw)
    for damage in (whole[: len(whole) // 2], b"", whole[:-1] + bytes([whole[-1] ^ 1])):
        path.write_bytes(damage)
        assert torch.equal(portraits(32, 20).samples, first.samples)
        assert path.read_bytes() == whole and [*store.iterdir()] == [path]


def test_several_may_draw_the_same_set_at_once(store):
    with ThreadPoolExecutor(4) as pool:
        sets = [*pool.map(lambda _: portraits(32, 20).samples, range(4))]
    assert all(torch.equal(one, sets[0]) for one in sets) and len([*store.iterdir()]) == 1


def test_others_are_kept_apart_in_the_cache(store):
    sets = [portraits(32, 4), portraits(33, 4), portraits(32, 5), portraits(32, 4, first=1), portraits(32, 4, seed=1)]
    assert len([*store.iterdir()]) == len(sets)
    assert torch.equal(sets[3].samples[:3], sets[0].samples[1:]) and torch.equal(sets[2].samples[:4], sets[0].samples)
    assert not torch.equal(sets[4].samples, sets[0].samples)


def test_a_cache_that_cannot_be_written_is_told_and_the_portraits_are_there(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GANSMITH_CACHE", str(tmp_path / "file"))
    with pytest.warns(UserWarning, match="drawn again next time"):
        assert portraits(32, 3).count == 3


def test_a_long_drawing_is_announced_and_a_short_one_is_not(store, caplog, monkeypatch):
    with caplog.at_level("INFO"):
        portraits(32, 2)
        assert not caplog.messages
        monkeypatch.setattr(stored, "SLOW", 32**2)
        portraits(32, 3)
    assert caplog.messages == ["drawing 3 portraits of 32x32 pixels, once …"]
