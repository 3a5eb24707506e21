"""A trial of one minibatch, before anything is written: what cannot work is said in one line that tells the mend."""

from __future__ import annotations

import copy
import inspect
import math
import warnings
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError
from gansmith.games import GAN
from gansmith.games.round import Round
from gansmith.networks.copying import copy_of, first_line
from gansmith.networks.output import DiscriminatorOutput
from gansmith.streams import forked
from gansmith.training.guests import check_saved
from gansmith.training.reach import check_logits, check_reach

FAR = 10.0  # beyond it, values are no images in [−1, 1] that a generator has yet to learn
FEW = 3  # samples, of another minibatch than the run's


class Tried(NamedTuple):
    """A network and what it is given."""

    name: str
    network: nn.Module
    inputs: tuple[Tensor, ...]
    words: str

    @property
    def given(self) -> str:
        """What is said of it."""
        return f"the {self.name}, given {self.words}"


def trial(game: GAN, batch: Round, own: Mapping[str, nn.Module]) -> None:
    """Let copies of all networks play a minibatch, so that nothing of it stays in the networks.

    Args:
        batch: which numbers are played with; on the device of the networks.
        own: those of the user.

    Raises:
        GansmithError: that names the network, what it got, what it gave, and the mend.
    """
    with forked():
        copies = {name: copy_of(network, name) for name, network in game.networks.items()}
        check_saved({name: copies[name] for name in own})
        conditions = () if batch.c is None else (batch.c,)
        generator = _tried("generator", copies["generator"], (batch.z, *conditions), ("z", "c"))
        fake = _check_generator(generator, batch, copies)
        for name in _judges(game, own):
            given = (batch.given,) if name in game.conditional_discriminators and batch.given is not None else ()
            for x in (batch.x.detach(), fake.detach()):
                scores = _check_scores(_tried(name, copies[name], (x, *given), ("samples", "c")))
            check_logits(name, scores)
        _check_costs(game, batch, copies)
        _check_few(generator)


def _tried(name: str, network: nn.Module, inputs: tuple[Tensor, ...], called: tuple[str, str]) -> Tried:
    words = " and ".join(f"{word} {tuple(one.shape)}" for word, one in zip(called, inputs, strict=False))
    return Tried(name, network, inputs, words)


def _judges(game: GAN, own: Mapping[str, nn.Module]) -> list[str]:
    """Return the user's networks that are discriminators."""
    known = {
        "discriminator",
        *game.conditional_discriminators,
        *(getattr(t, "against", "") for t in game.terms.values()),
    }
    return [name for name in own if name in known]


def _call(tried: Tried, mend: Callable[[], str]) -> Any:
    """Call a network, or say that it fails."""
    try:
        inspect.signature(tried.network.forward).bind(*tried.inputs)
    except TypeError as error:
        more = "; --condition labels gives it labels too" if len(tried.inputs) == 1 else ""
        mended = f"it is called with {'these two' if len(tried.inputs) > 1 else 'this alone'}{more}"
        raise GansmithError(f"{tried.given}, cannot be called ({error}): {mended}") from error
    except ValueError:  # without a signature
        pass
    try:
        return tried.network(*tried.inputs)
    except GansmithError:
        raise
    except Exception as error:  # whatever a network raises
        failed = f"{tried.given}, fails ({type(error).__name__}: {first_line(error)})"
        if "more than 1 value per channel" in str(error):
            raise GansmithError(f"{failed}: batch norm has no spread in one sample, use --batch 2 or more") from error
        raise GansmithError(f"{failed}: {mend()}") from error


def _check_generator(tried: Tried, batch: Round, copies: Mapping[str, nn.Module]) -> Tensor:
    """Return fakes, or say what is wrong with them."""
    shape = tuple(batch.x.shape)

    def mend() -> str:
        return _swapped(batch, copies) or _mend_input(tried, "latent = {}")

    fake = _call(tried, mend)
    if not isinstance(fake, Tensor):
        raise GansmithError(f"{tried.given}, gave a {type(fake).__name__}: return the samples {shape} alone")
    gave = f"{tried.given}, gave {tuple(fake.shape)}"
    if tuple(fake.shape) != shape:
        raise GansmithError(f"{gave}: {_swapped(batch, copies) or _mend_shape(tuple(fake.shape), shape)}")
    if not fake.isfinite().all():
        raise GansmithError(f"{gave} with values that are NaN or infinite: mend its first weights, or what divides")
    if not fake.requires_grad and any(p.requires_grad for p in tried.network.parameters()):
        raise GansmithError(f"{gave} without a gradient: take detach, no_grad or .data out of its forward")
    if fake.dim() == 4:
        _check_range(gave, fake)
    check_reach(fake, batch.x)
    return fake


def _mend_shape(gave: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    """Return what to do about samples of another shape: flat ones, and images of another side."""
    told = f"samples are {wanted}"
    if len(wanted) != 4 or gave[0] != wanted[0]:
        return told
    channels = wanted[1]
    side = math.isqrt(math.prod(gave[1:]) // channels)
    if len(gave) == 2 and side * side * channels == gave[1]:
        flat = f"end it with nn.Unflatten(1, ({channels}, {side}, {side}))"
        return flat if side == wanted[2] else f"{told}: {flat}, and set image_size={side}"
    if gave[1:] == (channels, side, side):
        return f"{told}, which image_size={side} changes"
    return told


def _check_range(gave: str, fake: Tensor) -> None:
    low, high = fake.detach().min().item(), fake.detach().max().item()
    told = f"{gave} with values from {low:.3g} to {high:.3g}, and images are in [-1, 1]: end it with nn.Tanh()"
    if max(-low, high) > FAR:
        raise GansmithError(told)
    if max(-low, high) > 1:
        warnings.warn(told, stacklevel=2)


def _check_scores(tried: Tried) -> Tensor:
    """Return a discriminator's scores, or say what is wrong with them."""
    returned = _call(tried, lambda: _mend_input(tried, "samples of {} numbers"))
    output = returned if isinstance(returned, DiscriminatorOutput) else DiscriminatorOutput(returned)
    scores, count = output.logits, len(tried.inputs[0]) // getattr(tried.network, "pack", 1)
    if not isinstance(scores, Tensor):
        kind = type(scores).__name__
        mend = "return scores (N,), or gansmith.networks.DiscriminatorOutput(logits, features)"
        raise GansmithError(f"{tried.given}, gave a {kind}: {mend}")
    gave = f"{tried.given}, gave scores {tuple(scores.shape)}"
    if scores.numel() != count:
        patches = scores.dim() > 2 and len(scores) == count
        mend = f"average over its patches, .mean(dim={tuple(range(1, scores.dim()))})" if patches else ""
        raise GansmithError(f"{gave}: {mend or 'return one score per sample, (N,) or (N, 1)'}")
    if not scores.isfinite().all():
        raise GansmithError(f"{gave} that are NaN or infinite: mend its first weights, or what divides")
    if not scores.requires_grad and any(p.requires_grad for p in tried.network.parameters()):
        raise GansmithError(f"{gave} without a gradient: take detach, no_grad or .data out of its forward")
    return scores


def _swapped(batch: Round, copies: Mapping[str, nn.Module]) -> str:
    """Return what to say where the pair would work the other way round."""
    with torch.no_grad():
        try:
            made, scores = copies["discriminator"](batch.z), copies["generator"](batch.x)
            if made.shape == batch.x.shape and scores.numel() == len(batch.x):
                return "the pair is swapped, give networks=(generator, discriminator)"
        except Exception:  # then it is something else
            pass
    return ""


def _mend_input(tried: Tried, wanted: str) -> str:
    """Return what to do about a network that fails, by the first of its layers that tells what it takes."""
    x, usual = tried.inputs[0], "it must take a minibatch of this shape"
    kinds = (nn.Linear, nn.modules.conv._ConvNd)
    first = next((layer for layer in tried.network.modules() if isinstance(layer, kinds)), None)
    if any(tensor.device != x.device for tensor in (*tried.network.parameters(), *tried.network.buffers())):
        return f"it must be on {x.device} as a whole"
    if len(tried.inputs) > 1 or first is None:
        return usual
    if isinstance(first, nn.Linear):
        if x.dim() > 2 and first.in_features == math.prod(x.shape[1:]):
            return "begin it with nn.Flatten()"
        if x.dim() == 2 and first.in_features != x.shape[1]:
            return f"its first layer takes {wanted.format(first.in_features)}"
    elif x.dim() == 2:
        return f"begin it with nn.Unflatten(1, ({x.shape[1]}, {', '.join('1' * (first.weight.dim() - 2))}))"
    elif first.in_channels != x.shape[1]:
        return f"its first layer takes {first.in_channels} channels, and these have {x.shape[1]}"
    return usual


def _check_costs(game: GAN, batch: Round, copies: Mapping[str, nn.Module]) -> None:
    """Say if a cost cannot be computed, or does not depend on who pays it."""
    shadow = copy.copy(game)
    shadow.networks = dict(copies)
    shadow._notes = {}
    twins = {
        id(mine): twin
        for name, network in game.networks.items()
        for mine, twin in zip(network.parameters(), copies[name].parameters(), strict=True)
    }
    for name, player in game.players.items():
        learn = [twins[id(p)] for p in player.parameters if id(p) in twins]
        try:
            cost = shadow.cost(name, Round(shadow, batch.minibatch))
            found = torch.autograd.grad(cost, learn, allow_unused=True) if cost.requires_grad else ()
        except GansmithError:
            raise
        except Exception as error:  # whatever torch raises
            terms = ", ".join(game.costs[name])
            reason = f"{type(error).__name__}: {first_line(error)}"
            raise GansmithError(
                f"the {name}'s cost ({terms}) of a first minibatch fails ({reason}): change the layer that does so, "
                "or leave the term out"
            ) from error
        if all(gradient is None for gradient in found):
            raise GansmithError(f"the {name}'s cost does not depend on its weights: is something detached on the way?")


def _check_few(tried: Tried) -> None:
    """Say if a generator makes minibatches of one size alone; it is in evaluation mode, as when it is sampled."""
    few = tuple(one[:FEW] for one in tried.inputs)
    tried.network.eval()
    other = _tried(tried.name, tried.network, few, ("z", "c"))
    mend = "leave the minibatch's size out of .view and .reshape, len(z) tells it"
    with torch.no_grad():
        fake = _call(other, lambda: mend)
    if len(fake) != len(few[0]):
        raise GansmithError(f"{other.given}, gave {tuple(fake.shape)}: {mend}")
