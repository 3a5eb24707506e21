"""How long a run is, where it is computed, and what is written down and measured, as settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gansmith.settings import Count, Fraction, Index, Kind, Seed


@dataclass(frozen=True)
class Training:
    """How long, and from which seed."""

    steps: Count = 2000
    """Training steps (generator moves)."""
    batch: Count = 64
    """Samples in a minibatch."""
    seed: Seed = 0
    """Seed of the weights, the noise and the order of the data."""
    ema: Fraction = 0.999
    """Decay of the averaged generator that samples are drawn from; 0 is off."""
    from_: str | None = None
    """Weights to start from: those of a run folder, a generator's .safetensors file, a checkpoint, or a generator that
    comes with gansmith. What does not fit starts anew."""
    accumulate: Count = 1
    """Minibatches whose gradients are averaged before each move: batches so many times as large in the memory of one.
    What looks at a minibatch as a whole, such as batch norm, looks at each of them."""


@dataclass(frozen=True)
class Compute:
    """Where and how a step is computed."""

    device: str = "auto"
    """auto (a CUDA GPU where there is one, the CPU elsewhere), cpu, cuda, cuda:N, or mps, a Mac's GPU."""
    threads: Count | None = None
    """CPU threads of the arithmetic; by default torch's choice, one per core. Their number decides the rounding."""
    compile: bool = False
    """Record a whole step, gradients and optimisers included, and compile it: the same arithmetic rounded in another
    order, faster once a minute of compiling has paid. Needs a C++ compiler; pays most for an mlp."""
    precision: Literal["fp32", "tf32", "bf16"] = "fp32"
    """fp32; tf32 (CUDA alone: products of 10-bit fractions); bf16 (forward passes of 7-bit fractions: gradients move
    by a few percent)."""


@dataclass(frozen=True)
class Records:
    """What is written down, and how often."""

    log_every: Count = 50
    """Steps between two lines of the journal."""
    checkpoint_every: Count = 500
    """Steps between two checkpoints."""
    keep: Count = 2
    """Checkpoints kept besides the best one."""


@dataclass(frozen=True)
class Evaluation:
    """How samples are compared with real ones while training goes on."""

    evaluate_every: Index = 500
    """Steps between two evaluations (there is one at the end too); 0 is off."""
    evaluate_samples: Count = 2500
    """Generated samples measured each time."""
    features: str = "auto"
    """auto, raw, random, classifier, inception or MODULE:ATTRIBUTE, see `gansmith evaluate --help`."""
    metrics: tuple[str, ...] = ()
    """Metrics of your own, MODULE:ATTRIBUTE: functions of the features of real samples and of fakes, (N, D) and (M, D),
    that return a number."""
    best_by: str = "auto"
    """Metric that chooses the best checkpoint; by default fid for images, sliced_wasserstein for vectors."""
    patience: Index = 0
    """Evaluations without a better best_by after which the run stops early; 0 is off."""


ON_VECTORS: Mapping[str, Mapping[str, Any]] = {
    "vectors": {"standardize": True, "batch": 256, "lr": 1e-3, "schedule": "cosine", "steps": 10_000},
    "plane": {"latent": 2},
}
"""What suits most recipes on vectors: units of the data's spread, rates that fall to nothing; in the plane, noise that
can be folded into it."""


TRAININGS = Kind("training", "steps", {"training": Training})
COMPUTES = Kind("compute", "device", {"compute": Compute})
RECORDS = Kind("records", "keep", {"records": Records})
CALLBACKS = Kind("callback", "__call__")
EVALUATIONS = Kind("evaluation", "features", {"evaluation": Evaluation})
