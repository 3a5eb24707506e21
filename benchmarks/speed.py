"""How fast gansmith, the plain PyTorch loop and its peers do the same updates of the same GANs.

    python benchmarks/speed.py                        # everything; about half an hour on two cores
    python benchmarks/speed.py --works toy --sides plain,gansmith --slices 5
    python benchmarks/speed.py --device cuda --works dcgan64,resnet --batch 512

Everybody plays the same networks from the same weights on the same data and noise, in a process of its own, and all in
turn, a slice each, so that whatever else the machine does slows all alike. Then, in float64 and with minibatches of 8,
all take five steps from the start and must hold the plain loop's weights. "× plain" is the median over rounds of the
plain loop's time over the side's in that round (above 1 is faster), with its range. "Of the peak" counts the
operations of a step that somebody needs, against the fastest product or convolution this machine did in the same run.
Memory and the time to the second step (where whoever compiles has compiled, with nothing cached) count from where torch
and gansmith, which lays out the data, are imported and the data lie in memory; a compiler's processes are not counted.

The plain loop is the one of PyTorch's DCGAN tutorial, for WGAN-GP its like; it and the peers find their minibatches
lying in memory, so that no data loader is compared. gansmith's side is all that `gansmith train` does between two
pictures or evaluations: data, journal and progress, in a process that keeps freed memory as the command's does;
averaging is off since the plain loop has none.

The peers, which a side needs or is skipped, and which must not choose other versions of torch or numpy:

    pip install --no-deps torchgan==0.1.0 torch-mimicry==0.1.16
    pip install jax optax
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from contest.measure import TOLERANCE, Terms, contest
from contest.report import tables, write_page
from contest.sides import SIDES
from contest.works import WORKS

from gansmith.training.device import peak


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    five = ",".join(list(WORKS)[:5])
    parser.add_argument("--works", default=five, help="also: resnet, rather for a GPU (default: %(default)s)")
    parser.add_argument("--sides", default=",".join(SIDES), help="besides plain (default: %(default)s)")
    parser.add_argument("--slices", type=int, default=15, help="slices that each side plays (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of a slice (default: %(default)s)")
    parser.add_argument("--batch", type=int, help="another size of minibatch than the works' own")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="of torch (default: %(default)s)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="file for all figures")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    return parser.parse_args(arguments)


def main(options: argparse.Namespace) -> None:
    works, sides = options.works.split(","), options.sides.split(",")
    if unknown := {*works} - {*WORKS} | {*sides} - {*SIDES}:
        raise SystemExit(f"unknown: {', '.join(unknown)}; works: {', '.join(WORKS)}; sides: {', '.join(SIDES)}")
    torch.set_num_threads(options.threads)
    torch.backends.cudnn.allow_tf32 = False
    best = peak(torch.device(options.device)) / 1e9
    about = {
        "torch": torch.__version__,
        "device": torch.cuda.get_device_name() if options.device == "cuda" else f"{options.threads} threads",
        "peak GFLOP/s": round(best, 1),
        "slices": f"{options.slices} of about {options.seconds:g} s",
    }
    line = "; ".join(f"{name}: {value}" for name, value in about.items())
    terms = Terms(options.slices, options.seconds, options.batch, options.threads, options.device)
    found = []
    for work in works:
        names = [name for name in SIDES if name in ("plain", *sides)]
        found.append(contest(work, names, terms))
        print(tables(found[-1:], best, line), flush=True)
        for name, distance in found[-1].apart.items():
            if not distance < TOLERANCE:
                raise SystemExit(f"{work}: {name} takes other steps than the plain loop: {distance:.0e} apart")
    if options.json:
        options.json.write_text(json.dumps({**about, "works": [asdict(work) for work in found]}, indent=2) + "\n")
    if options.write:
        write_page(tables(found, best, line), f"speed on {options.device}")


if __name__ == "__main__":
    main(parse())
