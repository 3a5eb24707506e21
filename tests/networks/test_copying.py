"""A copy shares nothing with the network, and what cannot be copied or filled is one line."""

import pytest
import torch
from torch import nn

from gansmith.errors import GansmithError
from gansmith.networks.copying import copy_of, fill_network, first_line


class Notes(nn.Module):
    """Keeps what it computed, and a generator, in all kinds of places."""

    def __init__(self, deep=0):
        super().__init__()
        self.layer = nn.Linear(2, 2)
        self.tied = self.layer
        self.rng = torch.Generator().manual_seed(3)
        self.deep = deep

    def forward(self, x):
        y = self.layer(x)
        kept = {"last": [y]}
        for _ in range(self.deep):
            kept = (kept,)
        self.kept = kept
        return y + torch.randn(y.shape, generator=self.rng)


@pytest.mark.parametrize("deep", [0, 1])
def test_what_it_noted_is_copied_without_its_graph(deep):
    network = Notes(deep)
    network(torch.randn(3, 2))
    twin = copy_of(network, "generator")
    mine, theirs = network.kept, twin.kept
    for _ in range(deep):
        mine, theirs = mine[0], theirs[0]
    (mine,), (theirs,) = mine["last"], theirs["last"]
    assert torch.equal(mine, theirs) and mine.requires_grad and not theirs.requires_grad
    assert twin.tied is twin.layer and twin.layer is not network.layer
    x = torch.randn(3, 2)
    state = network.rng.get_state()
    made = twin(x)
    assert torch.equal(network.rng.get_state(), state)  # its generator is its own
    assert torch.equal(network(x), made)
    twin.layer.weight.data += 1
    assert not torch.equal(twin.layer.weight, network.layer.weight)


def test_what_cannot_be_copied_is_one_line():
    network = nn.Linear(2, 2)
    network.file = (i for i in range(3))
    with pytest.raises(GansmithError, match=r"the judge cannot be copied \(TypeError: .*generator.*\): let no layer"):
        copy_of(network, "judge")
    network.file = Refusing()
    with pytest.raises(GansmithError, match=r"^not this one$"):
        copy_of(network, "judge")


class Refusing:
    def __deepcopy__(self, memo):
        raise GansmithError("not this one")


def test_weights_fill_a_network_of_their_names_and_shapes_alone():
    network, other = nn.Linear(2, 3), nn.Linear(2, 3)
    fill_network(network, other.state_dict(), "not these")
    assert torch.equal(network.weight, other.weight) and torch.equal(network.bias, other.bias)
    for wrong in (nn.Linear(3, 3).state_dict(), {"weight": other.weight}, {"a": torch.zeros(1)}):
        with pytest.raises(GansmithError, match=r"^not these \(.*(size mismatch|Missing key|Unexpected key)") as error:
            fill_network(network, wrong, "not these")
        assert "\n" not in str(error.value)


@pytest.mark.parametrize("length", [0, 1, 159, 160, 161, 500])
def test_long_errors_are_cut(length):
    told = first_line(ValueError("x" * length + "\nmore"))
    assert told == "x" * length if length <= 160 else told == "x" * 160 + "…"


def test_an_error_without_words_has_an_empty_line():
    assert first_line(ValueError()) == "" and first_line(ValueError("  a \n b")) == "a"
