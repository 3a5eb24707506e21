"""The parts of `benchmarks/on_gpu.sh`, which runs them all; one alone, here on a CPU:

    PYTHONPATH=src:benchmarks python benchmarks/on_gpu.py look --device cpu
    PYTHONPATH=src:benchmarks python benchmarks/on_gpu.py checks eager --device cpu
    PYTHONPATH=src:benchmarks python benchmarks/on_gpu.py speed dcgan64 --device cpu --small --batch 8 --limit 300
    PYTHONPATH=src:benchmarks python benchmarks/on_gpu.py report

What they find goes into a folder (`--parts`), one line of JSON each, and `report` makes the page of it. The exit code
is 1 if something failed, or if there is nothing to run on.
"""

from __future__ import annotations

import argparse
import logging
import time
import warnings
from functools import partial
from pathlib import Path

from gpu.look import look
from gpu.notes import Notes
from gpu.report import page


def checks(group: str, device: str, folder: Path) -> bool:
    """Do a group of checks; tell whether none failed."""
    import torch
    from contest.works import Skipped
    from gpu.checks import GROUPS

    notes = Notes(folder / f"1-checks-{group}.jsonl")
    place = torch.device(device)
    fine = [notes.check(group, name, partial(check, place), (Skipped,)) for name, check in GROUPS[group].items()]
    return all(fine)


def speed(work: str, options: argparse.Namespace, until: float) -> bool:
    """Time a work's sides; tell whether none failed."""
    from gpu.speed import Race

    notes = Notes(options.parts / f"2-speed-{work}.jsonl")
    return Race(work, options.device, options.small, options.batch, until, notes).run()


def main(options: argparse.Namespace) -> bool:
    """Do one part; tell whether it went well."""
    until = time.monotonic() + options.limit
    warnings.filterwarnings("ignore", message="precision = bf16")
    logging.getLogger("torch").setLevel(logging.ERROR)
    options.parts.mkdir(parents=True, exist_ok=True)
    if options.part == "report":
        print(page(options.parts))
        return True
    if options.part == "look":
        return look(options.device, options.parts)
    if options.part == "checks":
        return checks(options.which, options.device, options.parts)
    return speed(options.which, options, until)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("part", choices=("look", "checks", "speed", "report"))
    parser.add_argument("which", nargs="?", default="eager", help="eager, compiled or players; dcgan64 or resnet")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--parts", type=Path, default=Path("runs/on-gpu/parts"), help="(default: %(default)s)")
    parser.add_argument("--small", action="store_true", help="narrow networks and short slices")
    parser.add_argument("--batch", type=int, default=512, help="(default: %(default)s)")
    parser.add_argument("--limit", type=float, default=140.0, help="seconds for a work (default: %(default)s)")
    raise SystemExit(not main(parser.parse_args()))
