"""From a recipe to the objects that play it."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Collection
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR, LRScheduler

from gansmith import dynamics
from gansmith.conditions import Condition
from gansmith.config import Networks, Objective, Play, Recipe
from gansmith.data import Dataset, open_dataset
from gansmith.errors import GansmithError, unknown
from gansmith.games import GAN, Player, Term, steering
from gansmith.games import terms as t
from gansmith.games.round import View
from gansmith.games.views import DiffAugment, InstanceNoise
from gansmith.networks import NOTHING, build_discriminator, build_generator, judges_alone
from gansmith.objectives.losses import loss
from gansmith.objectives.penalties import clip_weights
from gansmith.training.compiled import Compiled
from gansmith.training.randomness import seed_everything

Pair = tuple[nn.Module, nn.Module]


def open_data(recipe: Recipe) -> Dataset:
    """Open the recipe's data at a size that its network makes."""

    def next_size(side: int) -> int:
        if recipe.networks.network == "mlp":
            return side
        if recipe.networks.network == "infogan":
            return max(16, -(-side // 4) * 4)
        return min(128, max(16, 1 << (side - 1).bit_length()))  # 8 on request alone: one doubling is too shallow

    return open_dataset(recipe.source, next_size)


def condition_of(networks: Networks, label_names: list[str], attribute_names: list[str]) -> Condition:
    """Return what the recipe's generator is asked for, given what the data know."""
    return Condition(
        labels=len(label_names) if networks.condition == "labels" else 0,
        attributes=tuple(attribute_names) if networks.condition == "attributes" else (),
        categorical=(networks.categories,) * networks.categorical_codes,
        continuous=networks.continuous_codes,
    )


def build_networks(networks: Networks, shape: tuple[int, ...], seed: int, condition: Condition = NOTHING) -> Pair:
    """Return generator and discriminator with weights that depend on the seed alone; seeds every global generator."""
    seed_everything(seed)
    return build_generator(networks, shape, condition), build_discriminator(networks, shape, condition)


def build_game(
    recipe: Recipe,
    pair: Pair,
    device: torch.device,
    condition: Condition = NOTHING,
    heads: dict[str, nn.Module] | None = None,
) -> GAN:
    """Return the game of two networks on a device, ready to be played.

    A checker moves with the discriminator, a decoder of codes with the generator.
    """
    generator, discriminator = (_at_home(network, device) for network in pair)
    heads = {name: _at_home(head, device) for name, head in (heads or {}).items()}
    play, clip = recipe.play, recipe.objective.clip
    constraint = functools.partial(clip_weights, c=clip) if clip else None
    d_side = [discriminator, *(heads[name] for name in ("checker",) if name in heads)]
    g_side = [generator, *(heads[name] for name in ("decoder",) if name in heads)]
    d_optimizer = _optimizer(play, d_side, play.lr_discriminator, device)
    g_optimizer = _optimizer(play, g_side, play.lr_generator, device)
    players = {
        "discriminator": Player(d_optimizer, constraint, _schedule(play, d_optimizer, recipe.budget.steps)),
        "generator": Player(g_optimizer, None, _schedule(play, g_optimizer, recipe.budget.steps)),
    }
    terms = build_terms(recipe.objective, heads)
    told = bool(condition.given) and recipe.networks.discriminator_condition != "none"
    # R1 and R2 differentiate at real samples or at fakes alone: the other half of a joint pass would be for nothing
    joint = judges_alone(discriminator) and not (recipe.objective.r1 or recipe.objective.r2)
    views, precision = _views(recipe), recipe.budget.precision
    return GAN(generator, discriminator, terms, players, heads, condition, told, views, joint, precision)


def build_dynamics(recipe: Recipe) -> dynamics.Dynamics:
    """Return what moves the players, its whole step compiled if the recipe says so."""
    played = dynamics.build(recipe.play)
    return Compiled(played) if recipe.budget.compile else played


def _views(recipe: Recipe) -> list[View]:
    o, moves = recipe.objective, recipe.budget.steps * recipe.play.n_critic
    views: list[View] = []
    if o.instance_noise:
        views.append(InstanceNoise(o.instance_noise, max(1, round(moves * o.instance_noise_until))))
    if o.augment:
        views.append(DiffAugment(o.augment))
    return views


def build_terms(objective: Objective, heads: Collection[str] = ()) -> list[Term]:
    """Return the terms with a weight other than 0, and those of the heads there are."""
    o, n = objective, objective.penalty_every
    adversarial = loss(o.loss, o.margin)
    terms: list[Term] = [
        t.Adversarial(adversarial, o.discriminator_scale, o.label_smoothing, o.label_noise, o.generator_scale)
    ]
    if o.gradient_penalty:
        terms.append(t.GradientPenalty(o.gradient_penalty, o.gradient_target, o.one_sided, n))
    if o.r1:
        terms.append(t.R1(o.r1, n))
    if o.r2:
        terms.append(t.R2(o.r2, n))
    if o.dragan:
        terms.append(t.Dragan(o.dragan, every=n))
    if o.variance:
        terms.append(t.Variance(o.variance, n))
    if o.pull_away:
        terms.append(t.PullAway(o.pull_away))
    if o.feature_matching:
        terms.append(steering.FeatureMatching(o.feature_matching, o.feature_covariance))
    if o.replay:
        terms.append(steering.Replay(adversarial, o.replay, o.replay_size))
    if "checker" in heads:
        terms.append(steering.Checking(o.auxiliary_real, o.auxiliary_fake, o.auxiliary_generator))
    if "decoder" in heads:
        terms.append(steering.Information(o.information, o.information_continuous))
    return terms


def _at_home(network: nn.Module, device: torch.device) -> nn.Module:
    """Move a network to the device; planar convolutions keep channels last in memory, which they prefer."""
    network = network.to(device).train()
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            layer.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def _optimizer(play: Play, networks: list[nn.Module], lr: float, device: torch.device) -> Optimizer:
    """Return the torch.optim optimiser of that name, with the options it takes, fused where torch can."""
    kinds = {name: kind for name, kind in vars(torch.optim).items() if _is_optimizer(kind)}
    if play.optimizer not in kinds:
        raise unknown("optimizer", play.optimizer, kinds)
    takes = inspect.signature(kinds[play.optimizer]).parameters
    options: dict[str, Any] = {"lr": lr}
    for name, value in (("betas", play.betas), ("momentum", play.momentum)):
        if value is not None and name not in takes:
            raise GansmithError(f"{play.optimizer} takes no {name}: use --{name} None, or choose another --optimizer")
        if value is not None:
            options[name] = value
    if "fused" in takes and device.type in ("cpu", "cuda"):
        options["fused"] = True
    try:
        # a layer that the user froze stays so
        learnable = [p for network in networks for p in network.parameters() if p.requires_grad]
        return kinds[play.optimizer](learnable, **options)  # type: ignore[no-any-return]
    except ValueError as error:
        raise GansmithError(f"--optimizer {play.optimizer}: {error}") from error


def _is_optimizer(kind: Any) -> bool:
    steps_alone = {"Optimizer", "LBFGS", "SparseAdam"}  # these need a closure, or sparse gradients
    return isinstance(kind, type) and issubclass(kind, Optimizer) and kind.__name__ not in steps_alone


def _schedule(play: Play, optimizer: Optimizer, steps: int) -> LRScheduler | None:
    """Return the course of the learning rate over the run's steps; None where it is constant."""
    if play.schedule == "constant":
        return None

    def factor(step: int) -> float:
        progress = min(step / steps, 1.0)
        fallen = progress if play.schedule == "linear" else (1 - math.cos(math.pi * progress)) / 2
        return 1 - (1 - play.lr_final) * fallen

    return LambdaLR(optimizer, factor)
