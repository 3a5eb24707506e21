"""What was otherwise before recipes were compositions: names of settings, config format 1, checkpoint format 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gansmith.dynamics import DYNAMICS, Consensus
from gansmith.errors import GansmithError
from gansmith.settings.components import Component, find

FORMAT = 1
NAMES = {
    "lr_generator": "generator.lr",
    "lr_discriminator": "discriminator.lr",
    "clip": "discriminator.weight_clip",
    "penalty_every": "every",
    "gradient_target": "gradient_penalty.target",
    "feature_covariance": "feature_matching.covariance",
    "auxiliary_real": "auxiliary.real_weight",
    "auxiliary_fake": "auxiliary.fake_weight",
    "auxiliary_generator": "auxiliary.generator_weight",
    "information_continuous": "information.continuous_weight",
    "replay_size": "replay.size",
    "instance_noise_until": "instance_noise.until",
    "augment": "diff_augment",
}
"""What settings were called, and what they are called now."""
PARTS = ("source", "networks", "objective", "play", "budget", "measure")
"""Of a config of format 1."""
FIT = "crop"
"""How pictures were made square before it was a setting."""
WORDS = {"labels": "label_names", "attributes": "attribute_names", "rows": "attribute_rows"}
NETWORKS = {"checker": "auxiliary", "decoder": "recognition"}


def renamed(recipe: Component, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return changes by the names that settings have now."""
    found = {NAMES.get(name.replace("-", "_"), name.replace("-", "_")): value for name, value in changes.items()}
    if "hidden" in changes and (
        recipe.discriminator_options.autoencoder or "autoencoder" in changes
    ):  # the code was as wide as a hidden layer
        found.setdefault("code", changes["hidden"])
    if "consensus" in changes:
        _with_consensus(recipe, found)
    if any(_is_on(changes.get(name)) for name in ("categorical_codes", "continuous_codes")):
        found.setdefault("information", _information(recipe))  # which came with the codes
    return found


def _is_on(value: Any) -> bool:
    word = value[0] if isinstance(value, list) and value else value
    return word not in (None, 0, "0")


def _information(recipe: Component) -> float:
    weights = [term.weight for term in recipe.terms if type(term).__name__ == "Information"]
    return weights[0] if weights else 0.01


def _with_consensus(recipe: Component, found: dict[str, Any]) -> None:
    """Turn a weight of consensus beside a dynamics into the dynamics that it is now."""
    value = found.pop("consensus")
    try:
        gamma = float(value[0] if isinstance(value, list) else value)
    except (TypeError, ValueError):
        raise GansmithError(f"consensus = {value}: must be a number") from None
    chosen = found.pop("dynamics", None)
    inner = getattr(recipe.dynamics, "inner", recipe.dynamics)
    if chosen is not None:
        word = chosen[0] if isinstance(chosen, list) else chosen
        inner = find(word, DYNAMICS)() if isinstance(word, str) else word
    found["dynamics"] = Consensus(gamma, inner) if gamma else inner


def settings(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings by name that a config of format 1 holds."""
    leaves = source({name: value for part in PARTS for name, value in stored.get(part, {}).items()})
    if leaves.pop("minibatch_stddev", False):  # what runs of before `minibatch` call it
        leaves["minibatch"] = "stddev"
    if not leaves.get("categorical_codes") and not leaves.get("continuous_codes"):
        leaves["information"] = leaves["information_continuous"] = 0.0
    leaves["code"] = leaves.get("hidden", 128)
    norm = leaves.pop("generator_norm", "batch")
    leaves["network.generator_norm"] = "none" if leaves.get("network") == "mlp" else norm  # an mlp had none
    return leaves


def source(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of data as they are now: what nobody was asked before is what was done."""
    if "fit" in stored:
        return dict(stored)
    from gansmith.data.opening import kind_of
    from gansmith.data.unused import USED

    fit = FIT if "fit" in USED[kind_of(str(stored.get("data")))] else None
    return {**stored, "fit": fit, "split": None if stored.get("split") == "train" else stored.get("split")}


def vocabulary(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words of the data as a config of before has them: the classes' shares were not kept."""
    return {name: stored.get(former, []) for name, former in WORDS.items()}


def checkpoint(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state of a checkpoint of format 1 as it is now: heads and terms are networks, players remember."""
    import torch

    game = state["game"]
    networks = {name: game[name] for name in ("generator", "discriminator")}
    networks |= {NETWORKS.get(name, name): head for name, head in game["heads"].items()}
    replay = game["terms"].get("replay")
    if replay is not None and replay["kept"] is not None:
        counts = {name: torch.tensor(replay[name]) for name in ("count", "next", "moves")}
        networks["replay"] = {"kept": replay["kept"], **counts}
    past = state["dynamics"].get("past", {})
    players = {
        name: {**player, "memory": {"past gradients": past[name]} if name in past else {}}
        for name, player in game["players"].items()
    }
    rest = {name: value for name, value in state.items() if name not in ("game", "dynamics", "best")}
    callbacks = {"evaluation_callback": {"best": state["best"]}}
    return {**rest, "format": 2, "callbacks": callbacks, "game": {"networks": networks, "players": players}}
