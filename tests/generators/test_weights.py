"""Equal weights are equal bytes, whatever process writes them."""

import json
import os
import subprocess
import sys

import torch
from safetensors import safe_open
from safetensors.torch import load

from gansmith.generators.file import fill, step_of
from gansmith.generators.weights import to_bytes
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
