"""How fast gansmith, the plain PyTorch loop and its peers do the same updates of the same GANs.

    python benchmarks/speed.py                        # everything; about half an hour on two cores
    python benchmarks/speed.py --works toy --sides plain,gansmith --slices 5

Everybody plays the same networks from the same weights on the same data and noise. First, in float64 and with
minibatches of 8, all take five steps and must then hold the plain loop's weights; then they play in turn, a slice
each, so that whatever else the machine does slows all alike. "× plain" is the median over rounds of the plain loop's
time over the side's in that round (above 1 is faster), with its range. "Of the peak" counts the operations of a step
that somebody needs, against the fastest product or convolution this machine did in the same run. Memory and the first
step are taken with a process to each side, from where torch is imported and data lie in memory.

The plain loop is the one of PyTorch's DCGAN tutorial, for WGAN-GP its like; it and the peers find their minibatches
lying in memory, so that no data loader is compared. gansmith's side is all that `gansmith train` does between two
pictures or evaluations: data, journal and progress; averaging is off since the plain loop has none.

The peers, which a side needs or is skipped, and which must not choose other versions of torch or numpy:

    pip install --no-deps torchgan==0.1.0 torch-mimicry==0.1.16
    pip install jax optax
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from contest.measure import TOLERANCE, Builder, alone, build, disagreement, flops, interleave
from contest.ours import gansmith
from contest.plain import plain
from contest.report import Found, as_json, tables, write
from contest.works import WORKS, Ground, Side, prepare

from gansmith.training.device import peak

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def _torchgan(ground: Ground) -> Side:
    from contest.peers import TorchGAN

    return TorchGAN(ground)


def _mimicry(ground: Ground) -> Side:
    from contest.peers import Mimicry

    return Mimicry(ground)


def _jax(scan: bool) -> Callable[[Ground], Side]:
    def builder(ground: Ground) -> Side:
        from contest.jax_loops import Loop

        return Loop(ground, scan)

    return builder


SIDES: dict[str, Builder] = {
    "plain": plain,
    "torchgan": _torchgan,
    "torch-mimicry": _mimicry,
    "jax jit": _jax(scan=False),
    "jax scan": _jax(scan=True),
    "gansmith": gansmith(),
    "gansmith compiled": gansmith("--compile True", compile=True),
    "gansmith bf16": gansmith("--precision bf16", precision="bf16"),
    "gansmith + averaging": gansmith(ema=0.999),
    "gansmith - journal": gansmith(journal=False),
}


def contest(work: str, builders: dict[str, Builder], slices: int, seconds: float, device: torch.device) -> Found:
    """Check that all sides of a work take the same steps, and time them."""
    with tempfile.TemporaryDirectory() as folder:
        torch.set_default_dtype(torch.float64)
        ground = prepare(work, device, Path(folder), batch=8)
        sides, _ = build(builders, ground)
        apart = disagreement(sides, ground)
        torch.set_default_dtype(torch.float32)
        for name, distance in apart.items():
            if not distance < TOLERANCE:
                raise SystemExit(f"{work}: {name} takes other steps than the plain loop: {distance:.0e} apart")
        ground = prepare(work, device, Path(folder))
        sides, missing = build(builders, ground)
        needed = flops(gansmith(journal=False)(ground)) / 1e9
        remarks = {name: side.note for name, side in sides.items() if side.note}
        return Found(work, ground.title, needed, interleave(sides, slices, seconds), apart, remarks | missing)


def solo(work: str, side: str, options: argparse.Namespace) -> dict[str, float]:
    """Let a side play in a process of its own."""
    flags = ["--works", work, "--sides", side, "--threads", str(options.threads), "--device", options.device, "--solo"]
    done = subprocess.run([sys.executable, __file__, *flags], stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--works", default=",".join(WORKS), help="with commas between them (default: %(default)s)")
    parser.add_argument("--sides", default=",".join(SIDES), help="besides plain (default: %(default)s)")
    parser.add_argument("--slices", type=int, default=15, help="slices that each side plays (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of a slice (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="of torch (default: %(default)s)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="file for all figures")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    parser.add_argument("--solo", action="store_true", help=argparse.SUPPRESS)  # what `solo` starts
    return parser.parse_args(arguments)


def main(options: argparse.Namespace) -> None:
    torch.set_num_threads(options.threads)
    device = torch.device(options.device)
    works, sides = options.works.split(","), options.sides.split(",")
    if options.solo:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(alone(SIDES[sides[0]], prepare(works[0], device, Path(folder)))))
        return
    if unknown := {*works} - {*WORKS} | {*sides} - {*SIDES}:
        raise SystemExit(f"unknown: {', '.join(unknown)}; works: {', '.join(WORKS)}; sides: {', '.join(SIDES)}")
    builders = {name: builder for name, builder in SIDES.items() if name in ("plain", *sides)}
    best = peak(device)
    about: dict[str, Any] = {
        "torch": torch.__version__,
        "device": torch.cuda.get_device_name() if device.type == "cuda" else f"{options.threads} threads",
        "peak GFLOP/s": round(best / 1e9, 1),
        "slices": f"{options.slices} of about {options.seconds:g} s",
    }
    line = "; ".join(f"{name}: {value}" for name, value in about.items())
    found = []
    for work in works:
        result = contest(work, builders, options.slices, options.seconds, device)
        result.alone = {name: solo(work, name, options) for name in result.milliseconds}
        found.append(result)
        print(tables([result], best / 1e9, line), flush=True)
    if options.json:
        options.json.write_text(json.dumps(as_json(found, about), indent=2) + "\n")
    if options.write:
        write(tables(found, best / 1e9, line), PAGE, f"speed on {device.type}")


if __name__ == "__main__":
    main(parse())
