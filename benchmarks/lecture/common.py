"""What the parts share: results that are kept, digits, and the figures of samples."""

from __future__ import annotations

import functools
import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gansmith.data import Source, open_dataset
from gansmith.data.dataset import first
from gansmith.data.images import to_range
from gansmith.data.portraits import portraits
from gansmith.data.toys import Toy, ring
from gansmith.files import write_atomically
from gansmith.generators.rest import at_rest
from gansmith.metrics.evaluation import Evaluator
from gansmith.metrics.modes import mode_coverage
from gansmith.recipes import recipe
from gansmith.recipes.composition import change
from gansmith.training.assemble import assemble
from gansmith.training.trainer import Trainer

Numbers = dict[str, float]


def kept(path: Path, compute: Callable[[], Numbers]) -> Numbers:
    """Return what a file holds, or compute and keep it: that is all it takes to go on after an interruption."""
    if not path.exists():
        start = time.process_time()
        found = compute() | {"seconds": time.process_time() - start}
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(found, indent=1)
        write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
        print(f"{path}: {text.replace(chr(10), '')}", flush=True)
    return dict(json.loads(path.read_text(encoding="utf-8")))


def spread(runs: Sequence[Mapping[str, float]], name: str) -> str:
    """Return mean ± standard deviation over the runs."""
    values = [run[name] for run in runs]
    wide = f" ± {statistics.stdev(values):.2g}" if len(values) > 1 else ""
    return f"{statistics.fmean(values):.3g}{wide}"


@functools.cache
def digits(mnist: str, count: int, skip: int = 0, side: int = 28) -> Tensor:
    """Return images (count, 1, side, side) in [−1, 1] of a table of digits, in a fixed order."""
    dataset = open_dataset(Source(mnist, image_size=side))
    return torch.cat([batch.x for batch in first(dataset, skip + count)])[skip : skip + count]


@functools.cache
def faces(count: int, skip: int = 0) -> Tensor:
    """Return drawn portraits (count, 3, 32, 32) in [−1, 1], in a fixed order."""
    return to_range(portraits(32, count, skip).samples)


def trained(
    name: str, data: Any, changes: Mapping[str, Any], at: Sequence[int] = (), see: Callable[[Trainer], None] = print
) -> Trainer:
    """Return a run played to its end without a folder, on the CPU, having been seen at some steps."""
    made = change(recipe(name), {"device": "cpu", "ema": 0.0, **changes})
    trainer = assemble(made, data)
    for step in dict.fromkeys([*at, made.training.steps]):
        trainer.run(step)
        if step in at:
            see(trainer)
    return trainer


@torch.no_grad()
def samples(trainer: Trainer, count: int, seed: int = 11) -> Tensor:
    """Return samples of the raw generator in the data's units."""
    generator = trainer.game.networks["generator"]
    z = trainer.recipe.prior.draw(count, torch.Generator().manual_seed(seed))
    with at_rest(generator):
        made = torch.cat([generator(z[i : i + 500]) for i in range(0, count, 500)])
    return made if trainer.rounds.scale is None else trainer.rounds.scale.restored(made)


@torch.no_grad()
def scores(trainer: Trainer, x: Tensor) -> Tensor:
    """Return D's logits at samples in the data's units."""
    judge, scale = trainer.game.networks["discriminator"], trainer.rounds.scale
    seen = x if scale is None else scale.standardized(x)
    with at_rest(judge):
        return torch.cat([judge(seen[i : i + 500]).logits for i in range(0, len(seen), 500)])


def on_the_ring(trainer: Trainer, toy: Toy | None = None) -> Numbers:
    """Return modes and high quality of 2,500 samples, and the share of right answers of D on as many of either kind."""
    toy = toy or ring()
    fake, real = samples(trainer, 2500), toy.sample(2500, torch.Generator().manual_seed(12))
    assert toy.modes is not None
    found = mode_coverage(fake, toy.modes, toy.spread)
    right = ((scores(trainer, real) > 0).float().mean() + (scores(trainer, fake) < 0).float().mean()) / 2
    return {"modes": float(found.modes), "high quality": found.high_quality, "right": float(right)}


def on_pictures(trainer: Trainer, held: Tensor) -> Numbers:
    """Return FID and recall against held-out pictures, in a random network's features (`random`)."""
    evaluator = Evaluator(assemble_data(held), "random", reference=len(held))
    found = evaluator.evaluate(samples(trainer, len(held))).metrics
    return {name: found[name] for name in ("fid", "kid", "precision", "recall", "authenticity") if name in found}


def assemble_data(images: Tensor) -> Any:
    """Return images in memory as a data set."""
    from gansmith.data.memory import from_memory

    return from_memory(images)
