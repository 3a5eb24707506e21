"""Labels go by name, and are asked for as often as the data have them."""

import pytest
import torch

from gansmith.conditions import Condition
from gansmith.data import Source, open_dataset
from gansmith.data.dataset import Batch, randomness
from gansmith.errors import GansmithError
from gansmith.generators import Vocabulary
from gansmith.generators.vocabulary import vocabulary_from, vocabulary_of
from gansmith.networks import Conditioning
from gansmith.networks.seen import Masked, Small

NUMBERED, NAMED = Vocabulary(("1", "2", "3")), Vocabulary(("cat", "dog", "owl"))


def test_numbers_that_are_names_are_names():
    for word, index in [(1, 0), ("1", 0), (3, 2), ("3", 2)]:
        assert NUMBERED.label(word) == index
    for strange in (0, "0", 4, -1, "cat"):
        with pytest.raises(GansmithError, match=rf"unknown label '{strange}'"):
            NUMBERED.label(strange)
    with pytest.raises(GansmithError, match="unknown label '0'"):  # one number among names is a name too
        Vocabulary(("7", "cat")).label(0)


def test_words_go_by_name_or_index():
    for word, index in [("cat", 0), (0, 0), ("2", 2), (2, 2)]:
        assert NAMED.label(word) == index
    for strange in ("dgo", 3, -1, "", "²", "1.0", True):
        with pytest.raises(GansmithError, match=f"unknown label '{strange}'"):
            NAMED.label(strange)
    with pytest.raises(GansmithError, match="did you mean 'dog'"):
        NAMED.label("dgo")
    with pytest.raises(GansmithError, match="unknown label 'x'"):
        Vocabulary().label("x")


def test_attributes_go_by_name_alone():
    words = Vocabulary(attributes=("young", "smiling"))
    assert words.attribute("smiling") == 1
    with pytest.raises(GansmithError, match="unknown attribute 'smilin': did you mean 'smiling'"):
        words.attribute("smilin")


def chi_square(labels, shares):
    counts = labels.bincount(minlength=len(shares)).double()
    expected = torch.tensor(shares, dtype=torch.float64) * len(labels)
    return float(((counts - expected).square() / expected).sum())


def drawn(words, count=20_000, seed=0):
    return words.draw(Condition(labels=len(words.labels)), count, randomness(seed, "test", 0))[0]


BOUND = 20.5  # of chi-square with 5 degrees of freedom, which exceeds it once in a thousand times


def test_the_mix_follows_the_shares_and_is_even_where_they_are_unknown():
    names, shares = tuple("abcdef"), (0.5, 0.25, 0.1, 0.1, 0.04, 0.01)
    uneven, even = drawn(Vocabulary(names, shares)), drawn(Vocabulary(names))
    assert chi_square(uneven, shares) < BOUND and chi_square(even, [1 / 6] * 6) < BOUND
    assert chi_square(uneven, [1 / 6] * 6) > 1000 and chi_square(even, shares) > 1000  # the bound can tell
    assert not torch.equal(uneven, drawn(Vocabulary(names, shares), seed=1))
    assert set(drawn(Vocabulary(("a", "b"), (0.0, 1.0))).tolist()) == {1}


def test_attributes_are_those_of_some_sample():
    rows = ((0.0, 1.0), (0.5, 0.25), (1.0, 0.0))
    condition = Condition(attributes=("a", "b"))
    labels, found = Vocabulary(attributes=("a", "b"), rows=rows).draw(condition, 3000, randomness(0, "test", 0))
    assert labels is None and {tuple(row) for row in found.tolist()} == set(rows)
    assert chi_square(torch.tensor([rows.index(tuple(row)) for row in found.tolist()]), [1 / 3] * 3) < 13.8


def test_words_of_data_and_their_way_through_json():
    words = vocabulary_of(open_dataset(Source("digits", image_size=8)), 0, Conditioning("attributes"))
    assert words.labels == tuple("0123456789") and sum(words.shares) == pytest.approx(1, abs=1e-5)
    assert words.attributes == ("bold", "leaning", "even") and len(words.rows) == 256
    assert vocabulary_from(words.to_json()) == words
    assert vocabulary_from({}) == Vocabulary()
    assert vocabulary_of(open_dataset(Source("ring")), 0, Conditioning()) == Vocabulary()
    assert vocabulary_of(open_dataset(Source("digits", image_size=8)), 0, Conditioning()).rows == ()


def test_shares_of_classes_are_kept_to_six_places_and_rows_of_attributes_to_three():
    class Known:
        label_names, attribute_names, shape = ["a", "b", "c"], ["x"], (1,)
        frequencies = torch.tensor([0.12345678, 0.87654311, 1e-8], dtype=torch.float64)

        def batches(self, *_):
            yield Batch(torch.zeros(2, 1), None, torch.tensor([[0.12345], [1.0]]))

    words = vocabulary_of(Known(), 0, Conditioning("attributes"))
    assert words.shares == (0.123457, 0.876543, 0.0) and words.rows == ((0.123,), (1.0,))
    assert vocabulary_of(Known(), 0, Conditioning()).rows == ()


@pytest.mark.parametrize("seen", [Masked(), Masked(0.25, "centre"), Small(2)])
def test_what_is_shown_of_some_samples_is_kept_to_ask_for(seen):
    data, how = open_dataset(Source("digits", image_size=8)), Conditioning(seen=seen)
    words = vocabulary_of(data, 3, how)
    condition = Condition(view=seen.shape((1, 8, 8)))
    assert words.view == condition.view and len(words.views) == 128
    drawn = words.draw_views(condition, 500, randomness(0, "test", 0))
    x = next(data.batches(128, 3, 0, torch.device("cpu"))).x
    shown = seen.show(x, torch.Generator().manual_seed(3))
    apart = torch.cdist(drawn.flatten(1), shown.flatten(1), p=float("inf"))
    assert float(apart.amin(dim=1).max()) <= 1 / 255 + 1e-6  # of bytes
    assert len(apart.argmin(dim=1).unique()) > 100
    again = vocabulary_from(words.to_json())
    assert again == words and torch.equal(again.draw_views(condition, 500, randomness(0, "test", 0)), drawn)
    assert words.draw_views(Condition(), 5, randomness(0, "test", 0)) is None


@pytest.mark.parametrize("text", ["", "no", "zzzzzzzz"])
def test_what_is_shown_in_a_strange_file_is_told_in_one_line(text):
    with pytest.raises(GansmithError, match="views: what the generator is shown"):
        Vocabulary(view=(1, 2, 2), views=(text,)).draw_views(Condition(view=(1, 2, 2)), 1, torch.Generator())
