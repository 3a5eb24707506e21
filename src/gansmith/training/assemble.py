"""From a recipe to what plays it. No component is known by name here: each builds itself, and terms what they bring."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import nn

from gansmith.compiling.compiled import Compiled
from gansmith.conditions import Condition
from gansmith.data import Dataset, open_dataset
from gansmith.data.memory import from_memory
from gansmith.data.scale import scale_of
from gansmith.dynamics import Accumulated, Dynamics
from gansmith.errors import GansmithError
from gansmith.games import GAN, Player
from gansmith.games.term import needs_of
from gansmith.generators.vocabulary import layout, vocabulary_of
from gansmith.metrics.features import check_features
from gansmith.metrics.own import own_metrics
from gansmith.networks.build import NOTHING, build_discriminator, build_generator, judges_alone
from gansmith.networks.conditional import ConcatDiscriminator, ProjectionDiscriminator
from gansmith.networks.layers import channels_last
from gansmith.numerics import settle_vector_mathematics
from gansmith.recipes.composition import Recipe, suited
from gansmith.records.run_folder import Facts
from gansmith.streams import forked, seed_everything
from gansmith.training.check import check
from gansmith.training.device import find_device
from gansmith.training.ema import EMA, check_average
from gansmith.training.guests import Guests, checked, named, settle
from gansmith.training.guests import Networks as Networks
from gansmith.training.guests import Pair as Pair
from gansmith.training.moment import Callback
from gansmith.training.naming import names_in
from gansmith.training.reading import learn_to_read
from gansmith.training.rounds import Rounds
from gansmith.training.site import Site
from gansmith.training.starting import freeze, start_from
from gansmith.training.suits import check_data, check_demand, check_device, suited_data
from gansmith.training.trainer import Trainer
from gansmith.training.trial import trial


@forked()
def assemble(
    recipe: Recipe,
    data: Any = None,
    networks: Pair | Networks | None = None,
    callbacks: Sequence[Callback] = (),
    labels: Any = None,
    resuming: Facts | None = None,
) -> Trainer:
    """Return a trainer at its first step, with everything built from the recipe.

    Args:
        recipe: what to train.
        data: real samples, instead of those that the recipe names: see `gansmith.data.memory.from_memory`.
        networks: your own generator and discriminator, or networks by name, instead of the recipe's.
        callbacks: who looks at the run.
        labels: of these data.
        resuming: the run whose checkpoint will be loaded: the weights that it started from are not needed then.

    Raises:
        GansmithError: if recipe, data, device and networks do not go together. Networks of the user's own then are as
            they came.
    """
    guests = Guests(networks)
    try:
        return _assembled(recipe, data, networks, callbacks, labels, resuming)
    except BaseException:
        guests.put_back()
        raise


def _assembled(
    recipe: Recipe,
    data: Any,
    networks: Pair | Networks | None,
    callbacks: Sequence[Callback],
    labels: Any,
    resuming: Facts | None,
) -> Trainer:
    own = None if networks is None else checked(networks, recipe.prior.latent)
    settle_vector_mathematics()
    seed_everything(recipe.training.seed)  # data and networks of a user's own may draw from global generators
    check(recipe)
    check_features(recipe.evaluation.features)
    own_metrics(recipe.evaluation.metrics)
    device = find_device(recipe.compute.device)
    check_device(recipe, device)
    if data is None and labels is not None:
        raise GansmithError("labels are of data given in Python, data=…; those of data by name come with them")
    source, fit = resuming.located(recipe.source) if resuming else recipe.source, fit_of(recipe, resuming)
    dataset = open_dataset(source, fit) if data is None else from_memory(data, labels, source, fit)
    dataset = suited_data(dataset, recipe, resuming)
    if recipe.by_data:
        recipe = suited(recipe, tuple(dataset.shape), own is not None)
        check(recipe)
    words = vocabulary_of(dataset, recipe.training.seed, recipe.conditioning)
    condition = layout(recipe.conditioning, recipe.prior, words)
    check_data(recipe, dataset, condition)
    game = build_game(recipe, tuple(dataset.shape), device, condition, own)
    check_demand(recipe, game, tuple(dataset.shape), device)
    if not resuming:
        learn_to_read(game.networks, dataset)
    training = recipe.training
    scale = scale_of(dataset, recipe.source)
    playing = (dataset, recipe.prior, training.batch, training.seed, device, scale, recipe.conditioning.seen)
    rounds = Rounds(game, *playing)
    ema = EMA(game.networks["generator"], training.ema) if training.ema else None
    if training.from_ and not resuming:
        wider = None if own else lambda c: build_game(recipe, tuple(dataset.shape), torch.device("cpu"), c)
        start_from(training.from_, game, ema, names_in(words, recipe.conditioning.condition), wider)
    everyone = [*map(dataclasses.replace, recipe.callbacks), *callbacks]  # each run's own, as it may remember
    trainer = Trainer(recipe, game, build_dynamics(recipe), rounds, ema, everyone, words, own is not None)
    if own is None and (training.batch == 1 or not _is_ours(recipe.family(tuple(dataset.shape)))):
        own = checked({name: game.networks[name] for name in ("generator", "discriminator") if name in game.networks})
    if own is not None:
        first = Rounds(game, *playing)
        trial(game, next(first), own)
        check_average(trainer.trained(), game.networks["generator"], "before the first step")
    return trainer


def open_data(recipe: Recipe) -> Dataset:
    """Open the recipe's data at a size that its network makes."""
    return open_dataset(recipe.source, fit_of(recipe))


def fit_of(recipe: Recipe, resuming: Facts | None = None) -> Callable[[int], int]:
    """Return what maps the side of images to the one that the recipe's network trains at, or that a run has."""
    if resuming and len(resuming.shape) == 3:
        return lambda _: resuming.shape[-1]
    fit: Callable[[int], int] = getattr(recipe.network, "fit", int)
    return fit


def build_dynamics(recipe: Recipe) -> Dynamics:
    """Return what moves the players, its whole step compiled if the recipe says so."""
    count, dynamics = recipe.training.accumulate, recipe.dynamics
    played: Dynamics = Accumulated(dynamics, count) if count > 1 else dynamics
    return Compiled(played) if recipe.compute.compile else played


def build_networks(recipe: Recipe, shape: tuple[int, ...], condition: Condition = NOTHING) -> dict[str, nn.Module]:
    """Return the networks that every game has, with weights that depend on the seed alone; seeds global randomness."""
    seed_everything(recipe.training.seed)
    family, how = recipe.family(shape), recipe.conditioning
    networks = {"generator": build_generator(family, recipe.prior.latent, shape, condition, how)}
    if "discriminator" in recipe.players:
        networks["discriminator"] = build_discriminator(family, shape, condition, how, recipe.discriminator_options)
    return networks


def build_game(
    recipe: Recipe,
    shape: tuple[int, ...],
    device: torch.device,
    condition: Condition = NOTHING,
    networks: Pair | Networks | None = None,
) -> GAN:
    """Return the recipe's game on a device, ready to be played.

    Args:
        shape: of a sample.
        condition: the layout of what the generator is asked for.
        networks: instead of the recipe's own.
    """
    if networks is None:
        networks = build_networks(recipe, shape, condition)
        theirs = {} if _is_ours(recipe.family(shape)) else networks
    else:
        networks = theirs = named(networks)
    site = Site(recipe, shape, condition, dict(networks))
    moved: dict[str, list[str]] = {player: [] for player in recipe.players}
    for name in networks:
        moved.get(name, []).append(name)
    for term in recipe.terms:
        for name, (player, network) in getattr(term, "networks", lambda _: {})(site).items():
            if name in networks:  # the user's own
                continue
            site.networks[name] = network
            if not _is_ours(term):
                theirs = {**theirs, name: network}
            if any(True for _ in network.parameters()):
                moved.setdefault(player, []).append(name)
    found = {n: settle(one, device) if n in theirs else _at_home(one, device) for n, one in site.networks.items()}
    players = _players(recipe, found, moved)
    return GAN(
        found,
        players,
        recipe.terms,
        condition=condition,
        conditional_discriminators=_conditional(recipe, found, condition),
        augmentations=recipe.augmentations,
        joint=_joint(recipe, found),
        precision=recipe.compute.precision,
        horizon=recipe.training.steps * getattr(recipe.dynamics, "leader_moves", 1),
    )


def _players(recipe: Recipe, networks: Networks, moved: Mapping[str, Sequence[str]]) -> dict[str, Player]:
    """Return the players in their order of play, each with the parameters of the networks that it moves."""
    for player, names in moved.items():
        if player not in recipe.players:
            raise GansmithError(f"the {names[0]} is moved by the {player}, who is no player: give it an optimiser")
        if not names:
            raise GansmithError(f"the {player} has nothing to move: no network is called so, and no term brings one")
    players, steps = {}, recipe.training.steps
    for player, how in recipe.players.items():
        own = {name: networks[name] for name in moved[player]}
        if getattr(how, "freeze", 0):
            freeze(how.freeze, own, player)
        players[player] = how.build([p for network in own.values() for p in network.parameters()], steps)
    return players


def _conditional(recipe: Recipe, networks: Networks, condition: Condition) -> frozenset[str]:
    """Return the discriminators that take conditions beside samples."""
    if not condition.given or recipe.conditioning.discriminator_condition == "none":
        return frozenset()
    kinds = (ConcatDiscriminator, ProjectionDiscriminator)
    return frozenset(n for n, network in networks.items() if n == "discriminator" or isinstance(network, kinds))


def _joint(recipe: Recipe, networks: Networks) -> frozenset[str]:
    """Return the discriminators that see real samples and fakes in one pass.

    A penalty that differentiates at either of them alone would find the other half of the pass to be for nothing.
    """
    if any(needs_of(term).apart for term in recipe.terms):
        return frozenset()
    return frozenset(name for name, network in networks.items() if judges_alone(network))


def _is_ours(component: Any) -> bool:
    """Tell whether a component, and so the networks that it builds, is gansmith's and not a user's own."""
    return type(component).__module__.startswith("gansmith.")


def _at_home(network: nn.Module, device: torch.device) -> nn.Module:
    """Move a network of ours to the device."""
    return channels_last(network.to(device).train())
