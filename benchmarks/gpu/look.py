"""What is there: versions, the card, and which parts of the run have to be left out for want of what."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

from gpu.notes import Notes

CORE = ("torch", "numpy", "PIL", "sklearn")
WRITING = ("rich", "tensorboard")
NEEDS: dict[str, tuple[str, ...]] = {
    "tests": (*CORE, *WRITING, "pytest", "matplotlib", "scipy"),
    "checks": (*CORE, *WRITING),
    "speed": (*CORE, *WRITING),
}
"""Modules that a part imports."""
LESS = ("safetensors", "datasets", "ot", "triton", "xdist", "hypothesis")
"""Those without which less is done: other tests, data from outside, compiled steps, tests side by side."""
DISTRIBUTIONS = {"PIL": "pillow", "sklearn": "scikit-learn", "ot": "POT", "xdist": "pytest-xdist"}


def look(device: str, folder: Path) -> bool:
    """Print and write down what is there; for each part left out, leave a file skip-PART that says why.

    Returns:
        whether anything can be done at all.
    """
    notes = Notes(folder / "0-look.jsonl")
    for line in [*_machine(), *_packages(), *_torch(device)]:
        notes.write(kind="about", text=line)
        print(line, flush=True)
    for part, modules in NEEDS.items():
        missing = [module for module in modules if not _is_there(module)]
        if missing:
            why = f"{', '.join(missing)} not installed"
            (folder / f"skip-{part}").write_text(why + "\n")
            notes.write(kind="check", part=part, name=f"all of {part}", result="skipped", seconds=0.0, remark=why)
            print(f"left out: {part}: {why}", flush=True)
    return _usable(device)


def cannot_compile(device: str) -> str:
    """Return why steps cannot be compiled here; nothing if they can."""
    if device == "cuda" and not _is_there("triton"):
        return "triton is not installed"
    names = ("cc", "gcc", "clang") if device == "cuda" else ("g++",)
    return "" if any(shutil.which(name) for name in names) else f"no compiler: {', '.join(names)}"


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _machine() -> list[str]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return [f"Python {platform.python_version()} on {platform.machine()}, {cores} cores"]


def _packages() -> list[str]:
    there, missing = [], []
    for module in dict.fromkeys([*(m for modules in NEEDS.values() for m in modules), *LESS]):
        if not _is_there(module):
            missing.append(module)
            continue
        try:
            there.append(f"{module} {metadata.version(DISTRIBUTIONS.get(module, module))}")
        except metadata.PackageNotFoundError:
            there.append(module)
    return [line for line in (", ".join(there), f"missing: {', '.join(missing)}" if missing else "") if line]


def _torch(device: str) -> list[str]:
    if not _is_there("torch"):
        return []
    import torch

    lines = [f"compiling: {cannot_compile(device) or 'yes'}"]
    if torch.cuda.is_available():
        card = torch.cuda.get_device_properties(0)
        lines.append(f"{card.name}, {card.total_memory / 2**30:.0f} GiB, CUDA {torch.version.cuda}, {_driver()}")
    else:
        lines.append(f"no CUDA device (torch is built for CUDA {torch.version.cuda})")
    return lines


def _driver() -> str:
    words = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    if not shutil.which(words[0]):
        return "no nvidia-smi"
    told = subprocess.run(words, capture_output=True, text=True, timeout=20, check=False).stdout.strip()
    return f"driver {told.splitlines()[0] if told else 'unknown'}"


def _usable(device: str) -> bool:
    if not _is_there("torch"):
        return False
    import torch

    return device != "cuda" or torch.cuda.is_available()
