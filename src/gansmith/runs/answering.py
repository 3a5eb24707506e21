"""What answers questions about samples: a generator that is shown something of them, or an encoder before one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gansmith.data.dataset import Batch, randomness
from gansmith.errors import GansmithError
from gansmith.generators.latents import Latents
from gansmith.generators.trained import TrainedGenerator
from gansmith.generators.vocabulary import layout
from gansmith.networks.copying import fill_network
from gansmith.records.run_folder import RunFolder
from gansmith.runs.loading import Which, load, state_of
from gansmith.streams import forked
from gansmith.training.assemble import build_game


class Answers(NamedTuple):
    """Answers to what was asked of some samples."""

    shown: Tensor | None
    """(N, C, H, W) what the generator saw, as pictures; None where an encoder saw the samples themselves."""
    answers: Tensor
    """(K, N, C, H, W): K of them to each question."""


Answerer = Callable[[Batch, int], Answers]
"""Maps real samples and how many answers to each are wanted to the answers."""


def answerer(run: str | Path, which: Which, device: torch.device, seed: int, trust: bool) -> tuple[
    TrainedGenerator, Answerer
]:  # fmt: skip
    """Return a run's generator, and what answers with it.

    Args:
        which: the generator; where there is an encoder, "last" is the one as it is trained, as the encoder knows it.
        seed: of holes and of the noise that tells several answers apart.
    """
    gan = load(run, None, str(device), which, trust)
    if len(gan.shape) != 3:
        raise GansmithError(f"{gan.name} makes vectors, and answers are pictures: name a run of images")
    if gan.condition.view:
        return gan, _shown(gan, seed)
    if gan.run is None:
        raise GansmithError(f"{run} is a generator of noise: name the folder of a run with an encoder, vae for one")
    encoder = _encoder(RunFolder(gan.run), which, device, trust)
    gan = load(run, None, str(device), "raw", trust) if which == "last" else gan
    return gan, _encoded(gan, encoder, seed)


def _shown(gan: TrainedGenerator, seed: int) -> Answerer:
    def answer(real: Batch, count: int) -> Answers:
        rng = randomness(seed, "questions", 0)
        seen, n = gan.conditioning.seen, len(real.x)
        shown = seen.show(real.x, rng)
        answers = []
        for _ in range(count):
            c = gan.condition.join(None, None, gan.condition.draw_codes(n, rng), shown)
            answers.append(torch.cat(list(gan.make(Latents(gan.prior.draw(n, rng), c)))))
        return Answers(seen.pictured(shown, gan.shape), torch.stack(answers))

    return answer


def _encoded(gan: TrainedGenerator, encoder: nn.Module, seed: int) -> Answerer:
    """Return what makes samples again: one answer by the mean of their latents, several by draws of them."""
    like = next(encoder.parameters())

    @torch.no_grad()
    def answer(real: Batch, count: int) -> Answers:
        rng, n, latent = randomness(seed, "questions", 0), len(real.x), gan.prior.latent
        read = torch.cat([encoder(part.to(like.device, like.dtype)).float().cpu() for part in torch.split(real.x, 256)])
        codes = gan.condition.draw_codes(n, rng)
        c = gan.condition.join(real.labels, real.attributes, codes) if gan.condition.size else None
        mean, spread = read[:, :latent], (read[:, latent:] / 2).exp() if read.shape[1] > latent else None
        several = count if spread is not None else 1
        drawn = [mean if spread is None or count == 1 else mean + spread * torch.randn(n, latent, generator=rng)
                 for _ in range(several)]  # fmt: skip
        return Answers(None, torch.stack([torch.cat(list(gan.make(Latents(z, c)))) for z in drawn]))

    return answer


def _encoder(folder: RunFolder, which: Which, device: torch.device, trust: bool) -> nn.Module:
    """Return the encoder of a run's checkpoint."""
    facts, state = folder.read(trust), state_of(folder, which)
    weights = state["game"]["networks"].get("encoder")
    if weights is None:
        raise GansmithError(
            f"{folder.path}: {facts.recipe.name} neither answers pictures nor encodes them: name a run of inpaint, "
            "superres, vae, vae-gan or bigan"
        )
    if facts.own_networks:
        raise GansmithError(f"{folder.path} was trained with networks of your own: reconstruct with them in Python")
    r = facts.recipe
    with forked():  # weights are drawn, and then replaced
        game = build_game(r, facts.shape, device, layout(r.conditioning, r.prior, facts.vocabulary))
    fill_network(game.networks["encoder"], weights, f"the encoder of {folder.path} does not fit its recipe")
    return game.networks["encoder"].eval().requires_grad_(False)
