"""Says a first word of warning where a run goes wrong in silence."""

from __future__ import annotations

import dataclasses
import statistics
import warnings
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from gansmith.callbacks.remedies import remedy
from gansmith.data.dataset import Dataset, first
from gansmith.records.journal import Journal
from gansmith.streams import forked
from gansmith.terms import Adversarial
from gansmith.training.moment import Moment

EVERY, OFTEN = 50, 2000  # steps between two looks, for so many steps; twice as many for twice as many, and so on
LASTS, SHARE = 500, 0.25  # a sign counts once it has lasted so many steps, and this share of all steps so far
SAMPLES, SEED = 64, 1  # enough for mean distances within a few percent
SURE = 0.01  # of the discriminator's cost at equal scores: right about nearly all of its minibatch
FLAT = 0.01  # of the slope of the generator's cost at equal scores, and its change from look to look
ALIKE = 0.05  # of the data's mean distance: one mode of the ring or the grid has .014 or .017 of it
FAR = 30.0  # root mean square of vectors; ours are below 6
LARGE, HUGE = 10.0, 1000.0  # of a cost's scale: to grow from there to twice as much, or to stay there


@dataclasses.dataclass(frozen=True)
class Sign:
    """Something that is seen at a look.

    Attributes:
        kind: "sure", "flat", "alike" or "unbounded": a run is told of each once.
        whose: the player it is about.
        words: what is said of it once it has lasted, with {steps} for how long it has.
        size: of a cost that must have doubled since the sign was first seen; 0 where lasting is enough.
        enough: size that says all without having doubled.
    """

    kind: str
    whose: str
    words: str
    size: float = 0.0
    enough: float = 0.0


class WarningSigns:
    """Warns once for each kind of sign, with the flag to try, when it has lasted; it changes no number of the run.

    | kind | seen at a look if |
    | --- | --- |
    | sure | a discriminator's adversarial cost is below 1 % of that at equal scores; there is none for Wasserstein's |
    | flat | the generator's cost stays, and its slope at the mean scores is below 1 % of that at 0; or it is the same |
    | alike | the mean distance between samples is below 5 % of that between real ones |
    | unbounded | a player's cost has doubled since it was 10 times its scale, or is 1000 times its scale |

    The scale of a cost is the discriminator's at equal scores (log 4 for the logistic one); where that is 0, the mean
    distance E‖x − G(z)‖ between real samples and fakes, which the gap of a 1-Lipschitz critic never exceeds, as it is
    the cost of one way to transport the ones to the others. A sign counts once every look has seen it for 500 steps and
    for a quarter of all steps so far: at its start a discriminator may be sure of what a generator knows nothing of
    yet. Looks become rarer with time, so that they cost nothing that can be measured.
    """

    def __init__(self, dataset: Dataset, journal: Journal) -> None:
        self.dataset = dataset
        self.journal = journal
        self.since: dict[str, list[float]] = {}  # the step and the size at which a sign was first seen
        self.said: list[str] = []
        self.former: dict[str, float] = {}
        self.real: Tensor | None = None

    def due(self, step: int, last: bool) -> bool:
        every = EVERY
        while step >= every / EVERY * OFTEN:
            every *= 2
        return step % every == 0

    @forked()  # data of a user's own may draw numbers
    def __call__(self, moment: Moment) -> None:
        trainer = moment.run
        trainer.settle()
        signs = {f"{sign.kind} {sign.whose}": sign for sign in self._signs(moment)}
        self.since = {
            name: self.since.get(name, [float(moment.step), sign.size]) for name, sign in sorted(signs.items())
        }
        for name, (start, size) in self.since.items():
            sign, steps = signs[name], int(moment.step - start)
            lasts = steps >= max(LASTS, SHARE * moment.step)
            if lasts and sign.size >= min(2 * size, sign.enough) and sign.kind not in self.said:
                self.said.append(sign.kind)
                told = sign.words.format(steps=f"{steps:,}")
                warnings.warn(f"step {moment.step:,}: {told}: try {self._remedy(sign, moment)}", stacklevel=2)
                self.journal.write(moment.step, {f"warning/{sign.kind}": 1.0})

    def _remedy(self, sign: Sign, moment: Moment) -> str:
        """Return what to try; where D is sure as well, samples that are alike come from that."""
        size = 0.0 if self.real is None or len(self.dataset.shape) == 3 else self.real.square().mean().sqrt().item()
        if size > FAR:
            return f"--standardize, as the data are {size:.2g} in size"
        sure = next((name.split()[1] for name in self.since if name.startswith("sure ")), None)
        kind, whose = ("sure", sure) if sign.kind == "alike" and sure else (sign.kind, sign.whose)
        return remedy(kind, whose, moment.run.recipe, moment.run.own_networks)

    def _signs(self, moment: Moment) -> Iterator[Sign]:
        """Yield what is seen now."""
        apart, reach = self._distances(moment)
        if apart < ALIKE:
            share = f"their distances are {100 * apart:.2g} % of the data's"
            yield Sign("alike", "generator", f"for {{steps}} steps samples have hardly differed ({share})")
        scale, notes = 0.0, moment.notes
        for name, term in moment.run.game.terms.items():
            if isinstance(term, Adversarial) and _is_ours(term.loss):
                chance = term.discriminator_scale * term.loss.discriminator(torch.zeros(2), torch.zeros(2)).item()
                scale = max(scale, chance)
                yield from self._of_scores(name, term, chance, notes)
        yield from self._of_costs(moment, scale or reach)

    def _of_scores(self, name: str, term: Adversarial, chance: float, notes: dict[str, float]) -> Iterator[Sign]:
        """Yield what a discriminator's scores tell."""
        cost, mine = notes.get(f"{term.against}/{name}"), notes.get(f"generator/{name}")
        if cost is not None and chance > 0 and cost < SURE * chance:
            told = f"(cost {cost:.2g}, {chance:.2g} at chance)"
            words = f"for {{steps}} steps the {term.against} has been sure of nearly everything {told}"
            yield Sign("sure", term.against, words)
        real, fake = (notes.get(term._key(kind)) for kind in ("real", term.fakes[0]))
        if mine is None or real is None or fake is None:
            return
        former, self.former[name] = self.former.get(name), mine
        stays = former is not None and abs(mine - former) <= FLAT * chance
        level = stays and _slope(term.loss, real, fake) < FLAT * _slope(term.loss, 0.0, 0.0)
        if level or mine == former:
            yield Sign("flat", term.against, f"for {{steps}} steps the generator's cost has been flat ({mine:.2g})")

    def _of_costs(self, moment: Moment, scale: float) -> Iterator[Sign]:
        """Yield the costs that are many times their scale."""
        window = moment.run.window[-EVERY:] or [moment.costs]
        for player in window[0]:
            size = statistics.fmean(abs(costs[player]) for costs in window)
            if size > LARGE * scale:
                words = f"for {{steps}} steps the {player}'s cost has grown, as if without bound ({size:.2g} now)"
                yield Sign("unbounded", player, words, size, HUGE * scale)

    def _distances(self, moment: Moment) -> tuple[float, float]:
        """Return the mean distance between samples, in units of that between real ones, and that from real ones."""
        trained = moment.generator
        seen = trained.scale.standardized if trained.scale is not None else Tensor.float  # by the networks
        if self.real is None:
            self.real = seen(next(first(self.dataset, SAMPLES, SAMPLES)).x).flatten(1).float()
        fake = seen(torch.cat([*trained.make(trained.latents(SAMPLES, SEED))])).flatten(1)
        apart = torch.pdist(fake).mean() / torch.pdist(self.real).mean()
        return apart.item(), torch.cdist(self.real, fake).mean().item()

    def state_dict(self) -> dict[str, Any]:
        """Return what has been seen, since when, and what was said."""
        return {"since": dict(self.since), "said": list(self.said), "former": dict(self.former)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""
        self.since, self.said, self.former = dict(state["since"]), list(state["said"]), dict(state["former"])


def _is_ours(loss: Any) -> bool:
    """Tell whether a loss is one of gansmith's, which may be asked about scores that never were."""
    return type(loss).__module__.startswith("gansmith.")


def _slope(loss: Any, real: float, fake: float) -> float:
    """Return how steep the generator's cost is in the fakes' scores where all real ones and all fakes are equal."""
    with torch.enable_grad():
        scores = torch.full((2,), fake, requires_grad=True)
        cost = loss.generator(torch.full((2,), real), scores)
        return torch.autograd.grad(cost, scores)[0].abs().sum().item()
