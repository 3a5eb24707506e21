"""Maintained implementations to agree with, and samples to agree on."""

import importlib
import importlib.util
import sys
from types import ModuleType

import pytest
import torch


@pytest.fixture(scope="session")
def fidelity():
    """torch-fidelity's modules by name; without torchvision, which its arithmetic does not touch."""
    if importlib.util.find_spec("torch_fidelity") is None:
        pytest.skip("torch-fidelity is not installed")
    stand_ins = ["torchvision", "torchvision.datasets", "torchvision.transforms", "torchvision.transforms.functional"]
    with pytest.MonkeyPatch.context() as patch:
        if importlib.util.find_spec("torchvision") is None:
            for name in stand_ins:
                patch.setitem(sys.modules, name, ModuleType(name))
            for name in ("CIFAR10", "STL10", "CIFAR100"):
                setattr(sys.modules["torchvision.datasets"], name, type(name, (), {}))
        importlib.import_module("torch_fidelity")
    return lambda name: importlib.import_module(f"torch_fidelity.{name}")


@pytest.fixture(scope="session")
def clouds():
    """Two clouds of features that overlap in part: (300, 6) and (260, 6)."""
    rng = torch.Generator().manual_seed(0)
    mix = torch.randn(6, 6, generator=rng, dtype=torch.float64)
    a = torch.randn(300, 6, generator=rng, dtype=torch.float64)
    b = torch.randn(260, 6, generator=rng, dtype=torch.float64) @ (0.3 * mix + torch.eye(6)) + 0.3
    return a, b
