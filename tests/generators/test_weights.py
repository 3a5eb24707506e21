"""Equal weights are equal bytes, whatever process writes them."""

import json
import os
import subprocess
import sys

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load, save

from gansmith.errors import GansmithError
from gansmith.generators.file import fill, step_of
from gansmith.generators.weights import _alone, to_bytes
from gansmith.records.run_folder import RunFolder

FACTS = {"format": "pt", "step": "7", "recipe": "dcgan", "author": "äöü", "zeta": "1", "alpha": "2", "of": "3"}
SAVE = f"""
import sys
from pathlib import Path
import torch
from gansmith.networks import DCGAN, build_generator
from gansmith.generators import Prior, TrainedGenerator
from gansmith.generators.file import content
from gansmith.generators.weights import to_bytes
from gansmith.records.run_folder import RunFolder
torch.manual_seed(0)
generator = build_generator(DCGAN(2), 3, (1, 8, 8))
trained = TrainedGenerator(generator, (1, 8, 8), Prior(latent=3), made_by={{"name": "dcgan", "step": 7}})
RunFolder(Path(sys.argv[1])).save_generator(content(trained, DCGAN(2)))
Path(sys.argv[1], "more").write_bytes(to_bytes(generator, {FACTS!r}))
"""


def test_files_of_equal_weights_are_equal_in_every_process(tmp_path):
    found = []
    for seed in ("1", "2", "3"):
        folder = tmp_path / seed
        folder.mkdir()
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", SAVE, str(folder)], check=True, env=environment)
        found.append([(folder / name).read_bytes() for name in ("generator.safetensors", "more")])
    assert found[0] == found[1] == found[2]
    with safe_open(tmp_path / "1" / "more", "pt") as file:
        assert file.metadata() == FACTS
    with safe_open(tmp_path / "1" / "generator.safetensors", "pt") as file:
        about = file.metadata()
    assert (about["format"], about["step"], set(about)) == ("pt", "7", {"format", "step", "gansmith"})
    assert json.loads(about["gansmith"])["made_by"] == {"name": "dcgan", "step": 7}


def test_what_is_written_is_what_was_there(tmp_path):
    network = torch.nn.Sequential(
        torch.nn.Conv2d(2, 3, 3).to(memory_format=torch.channels_last), torch.nn.BatchNorm2d(3)
    )
    content = to_bytes(network, FACTS)
    tensors = load(content)
    assert set(tensors) == set(network.state_dict())
    for name, value in network.state_dict().items():
        assert torch.equal(tensors[name], value) and tensors[name].dtype == value.dtype
    assert int.from_bytes(content[:8], "little") % 8 == 0  # tensors stay aligned
    other = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3))
    RunFolder(tmp_path).save_generator(to_bytes(network, FACTS | {"step": "9"}), "best")
    path = RunFolder(tmp_path).generator("best")
    fill(other, path)
    assert step_of(path) == 9 and path.name == "best.safetensors"
    assert to_bytes(other, FACTS) == content
    other[0].bias.data += 1
    assert to_bytes(other, FACTS) != content


class Tied(torch.nn.Module):
    """One weight in two layers, one that is another object at the same place, and a part of it as a buffer."""

    def __init__(self, tied=True):
        super().__init__()
        self.first, self.second, self.third = (torch.nn.Linear(3, 3, bias=False) for _ in range(3))
        if tied:
            self.second.weight = self.first.weight
            self.third.weight = torch.nn.Parameter(self.first.weight)
        self.register_buffer("rows", self.first.weight.detach()[1:])


def test_tied_weights_are_written_once_and_come_back_under_all_names(tmp_path):
    torch.manual_seed(0)
    network = Tied()
    path = tmp_path / "tied.safetensors"
    path.write_bytes(to_bytes(network, FACTS))
    with safe_open(path, "pt") as file:
        assert set(file.keys()) == {"first.weight", "rows"}
        assert json.loads(file.metadata()["tied"]) == {"second.weight": "first.weight", "third.weight": "first.weight"}
    for other in (Tied(), Tied(tied=False)):
        fill(other, path)
        for name, value in network.state_dict().items():
            assert torch.equal(other.state_dict()[name], value), name
    assert to_bytes(network, FACTS) == path.read_bytes()


def test_a_view_that_is_transposed_is_no_tie(tmp_path):
    network = torch.nn.Module()
    network.weight = torch.nn.Parameter(torch.arange(9.0).reshape(3, 3))
    network.register_buffer("turned", network.weight.detach().t())
    (tmp_path / "x").write_bytes(to_bytes(network, FACTS))
    with safe_open(tmp_path / "x", "pt") as file:
        assert set(file.keys()) == {"weight", "turned"} and "tied" not in file.metadata()
        assert torch.equal(file.get_tensor("turned"), network.weight.detach().t())


def test_weights_without_ties_are_the_bytes_of_safetensors():
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
    plain = save({name: value.contiguous() for name, value in network.state_dict().items()}, {"one": "1"})
    assert to_bytes(network, {"one": "1"}).endswith(plain[8 + int.from_bytes(plain[:8], "little") :])
    assert len(to_bytes(network, {"one": "1"})) == len(plain)


def test_what_cannot_be_saved_is_said_in_one_line():
    class Counting(torch.nn.Linear):
        def get_extra_state(self):
            return {"count": 3}

        def set_extra_state(self, state):
            pass

    with pytest.raises(GansmithError, match="state holds _extra_state, a dict: only tensors can be saved"):
        to_bytes(Counting(2, 2), FACTS)


def test_tensors_without_numbers_are_one_where_they_are_the_same_object():
    """Their memory tells nothing: none has any."""
    network = torch.nn.Linear(2, 2)
    network.empty, network.other = (torch.nn.Parameter(torch.zeros(0, 3)) for _ in range(2))
    network.same = network.empty
    network.register_buffer("fifth", torch.zeros(0, 3))
    content = to_bytes(network, {})
    assert {*load(content)} == {"weight", "bias", "empty", "other", "fifth"}
    about = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])["__metadata__"]
    assert json.loads(about["tied"]) == {"same": "empty"}


def test_tensors_are_copied_only_where_they_share_their_memory():
    row = torch.arange(6.0)
    alone = _alone({"a": row, "b": row[2:], "c": torch.ones(2), "d": row.reshape(2, 3).T})
    assert alone["a"].data_ptr() == row.data_ptr() and alone["c"].data_ptr() not in (row.data_ptr(), 0)
    taken = [one.untyped_storage().data_ptr() for one in alone.values()]
    assert len({*taken}) == 4 and torch.equal(alone["b"], row[2:]) and torch.equal(alone["d"], row.reshape(2, 3).T)
    plain = {name: torch.ones(3) for name in "ab"}
    assert all(_alone(plain)[name].data_ptr() == plain[name].data_ptr() for name in plain)
