"""Checks of what a GPU does otherwise than a CPU: precisions, resumed runs, steps launched as one graph, three players.

Each check returns a remark, or raises: `Skipped` where it has no meaning here, anything else if it fails.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

import torch
from contest.measure import TOLERANCE, apart
from contest.seat import walk
from contest.sides import SIDES
from contest.works import Doubled, Skipped
from torch import Tensor
from torch.utils._pytree import tree_leaves

from gansmith.data import Dataset
from gansmith.dynamics import Alternating, Extragradient, Simultaneous
from gansmith.games.optimizers import Adam
from gansmith.recipes import recipe
from gansmith.recipes.composition import Recipe, change
from gansmith.records.checkpoint import Checkpoints
from gansmith.terms import Adversarial, Reconstruction
from gansmith.training.assemble import assemble, open_data
from gansmith.training.device import prepared
from gansmith.training.trainer import Trainer
from gpu.look import cannot_compile

Check = Callable[[torch.device], str]
TINY: dict[str, Any] = {"hidden": 32, "generator_layers": 2, "discriminator_layers": 2}
SMALL: dict[str, Any] = {"image_size": 16, "width": 8, "batch": 8}


def _played(plan: Recipe, steps: int, data: Dataset | None = None) -> Trainer:
    """Return a trainer that has played some steps, every cost and weight of which was finite."""
    trainer = assemble(plan, data)
    _play(trainer, steps)
    return trainer


def _play(trainer: Trainer, steps: int) -> None:
    with prepared(trainer.recipe.compute):
        trainer.run(steps)
    trainer.settle()
    trainer.check_weights()


def _weights(trainer: Trainer) -> Tensor:
    parameters = [p for player in trainer.game.players.values() for p in player.parameters]
    return torch.cat([p.detach().flatten() for p in parameters])


def _trains(precision: str, device: torch.device) -> str:
    """A run in a lower precision stays finite, keeps its weights in float32, and is not the one in fp32."""
    if precision == "tf32" and device.type != "cuda":
        raise Skipped("CUDA alone")
    steps, size = (30, {"image_size": 32, "width": 16, "batch": 64}) if device.type == "cuda" else (3, SMALL)
    plan = recipe("dcgan", **size, device=str(device), steps=steps)
    start, full = (_weights(_played(plan, n)) for n in (0, steps))
    low = _weights(_played(change(plan, {"precision": precision}), steps))
    assert low.dtype == torch.float32, f"weights are {low.dtype}"
    distance = float((low - full).abs().mean() / (full - start).abs().mean())
    assert distance > 0, "the same bits as in fp32: the precision had no effect"
    assert torch.get_float32_matmul_precision() == "highest", "the precision is left behind"
    return f"{steps} steps; weights from those of fp32: {distance:.1%} of their way"


def _resumes(plan: Recipe, device: torch.device) -> str:
    """6 steps end like 3, a checkpoint on disk, and 3 more, bit for bit."""
    if plan.compute.compile and (why := cannot_compile(device.type)):
        raise Skipped(why)
    plan = change(plan, {"device": str(device), "steps": 6})
    if (free := _differing(plan)) == 0:
        return "same bits, no setting needed"
    with _deterministic():
        strict = _differing(plan)
    assert strict == 0, f"{strict} tensors differ with deterministic algorithms, {free} without"
    return f"same bits with torch.use_deterministic_algorithms(True); {free} tensors differ without"


def _differing(plan: Recipe) -> int:
    """Return how many tensors of the last state differ, weights, moments and averages."""
    whole = _played(plan, 6)
    with tempfile.TemporaryDirectory() as folder:
        kept = Checkpoints(Path(folder))
        kept.save(_played(plan, 3).state_dict())
        parts = assemble(plan)
        parts.load_state_dict(kept.latest())
    _play(parts, 6)
    states = [{k: v for k, v in t.state_dict().items() if k in ("game", "ema", "rounds")} for t in (whole, parts)]
    pairs = zip(*map(tree_leaves, states), strict=True)
    return sum(not (torch.equal(a, b) if isinstance(a, Tensor) else a == b) for a, b in pairs)


@contextmanager
def _deterministic() -> Iterator[None]:
    """While inside, torch takes deterministic algorithms or raises; on_gpu.sh sets CUBLAS_WORKSPACE_CONFIG for it."""
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(False)


def _same_steps(work: str, changes: dict[str, Any], device: torch.device) -> str:
    """gansmith's steps, and its compiled ones, are the plain loop's, in float64."""
    names = ["plain", "gansmith", *([] if (why := cannot_compile(device.type)) else ["gansmith compiled"])]
    folder = Path(tempfile.mkdtemp())  # not removed here: TensorBoard writes on while the process lives
    found = apart({name: walk(SIDES[name], work, device, folder, **changes) for name in names})
    told = "; ".join(f"{name} {distance:.0e}" for name, distance in found.items())
    assert all(distance < TOLERANCE for distance in found.values()), told
    return f"apart from plain, of the way: {told}" + (f"; compiled skipped: {why}" if why else "")


def _three_players(dynamics: Any, compiled: bool, device: torch.device) -> str:
    """A game with an encoder as its third player goes on as it should, compiled as not, in float64."""
    if compiled and (why := cannot_compile(device.type)):
        raise Skipped(why)
    adam = Adam(1e-3, (0.5, 0.9))
    plan = Recipe(
        "encoding",
        terms=(Adversarial(), Reconstruction()),
        dynamics=dynamics,
        players={"discriminator": adam, "encoder": adam, "generator": adam},
    )
    plan = change(plan, {"data": "ring", "latent": 2, **TINY, "device": str(device), "steps": 5})
    torch.set_default_dtype(torch.float64)
    try:
        data = cast(Dataset, Doubled(open_data(plan)))
        start, first = (_weights(_played(plan, n, data)) for n in (0, 5))
        way = float((first - start).abs().max())
        assert way > 0, "nobody moved"
        if not compiled:
            return f"5 steps, finite; the longest way is {way:.1e}"
        second = _weights(_played(change(plan, {"compile": True}), 5, data))
    finally:
        torch.set_default_dtype(torch.float32)
    distance = float((second - first).abs().max()) / way
    assert distance < TOLERANCE, f"{distance:.0e} apart"
    return f"5 steps; compiled from not compiled: {distance:.0e} of the way"


def _dynamics() -> dict[str, Any]:
    return {"alternating": Alternating(), "simultaneous": Simultaneous(), "extragradient": Extragradient()}


GROUPS: dict[str, dict[str, Check]] = {
    "eager": {
        "tf32 trains": partial(_trains, "tf32"),
        "bf16 trains": partial(_trains, "bf16"),
        "resume, MLP on ring": partial(_resumes, recipe("nsgan", data="ring", **TINY)),
        "resume, DCGAN": partial(_resumes, recipe("dcgan", **SMALL)),
        "resume, WGAN-GP": partial(_resumes, recipe("wgan-gp", **SMALL, n_critic=2)),
        **{f"three players, {name}": partial(_three_players, one, False) for name, one in _dynamics().items()},
    },
    "compiled": {
        "same steps, toy": partial(_same_steps, "toy", TINY),
        "same steps, dcgan32": partial(_same_steps, "dcgan32", {"width": 8}),
        "same steps, wgan-gp": partial(_same_steps, "wgan-gp", {"width": 8, "n_critic": 2}),
    },
    "players": {
        "resume compiled, MLP on ring": partial(_resumes, recipe("nsgan", data="ring", **TINY, compile=True)),
        **{f"three players compiled, {name}": partial(_three_players, one, True) for name, one in _dynamics().items()},
    },
}
"""Groups may run side by side: nothing in them is timed."""
