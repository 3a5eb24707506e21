"""Block diagrams: who plays, who learns and who is held, read off the games that recipes build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, Figure, print_sheet, sheet
from gansmith.games.optimizers import Adam
from gansmith.recipes import recipe
from gansmith.terms import Reconstruction
from gansmith.training.assemble import assemble

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gansmith.games import GAN

Spot = tuple[float, float]


@dataclass(frozen=True)
class Diagram:
    """A game at the turn of one of its players."""

    title: str
    recipe: str
    turn: str
    boxes: Mapping[str, tuple[str, Spot]]
    """Networks by name: what stands in the box, and where."""
    words: Mapping[str, tuple[str, Spot]]
    """What goes in and comes out, by a name for arrows."""
    arrows: Sequence[tuple[str, str]]
    settings: Mapping[str, Any] = field(default_factory=dict)


_BOXES = {"generator": ("G", (0.34, 0.72)), "discriminator": ("D", (0.66, 0.5))}
_WORDS = {"z": ("z", (0.08, 0.72)), "x": ("x", (0.34, 0.24)), "real?": ("real?", (0.92, 0.5))}
_ARROWS = [("z", "generator"), ("generator", "discriminator"), ("x", "discriminator"), ("discriminator", "real?")]
_NO_DATA = {name: word for name, word in _WORDS.items() if name != "x"}
_BLIND = [arrow for arrow in _ARROWS if arrow[0] != "x"]
_Y = {"y": ("y", (0.08, 0.5))}
_ASKED = [("y", "generator"), ("y", "discriminator")]

DIAGRAMS = (
    Diagram("GAN, D's turn", "nsgan", "discriminator", _BOXES, _WORDS, _ARROWS),
    Diagram("GAN, G's turn", "nsgan", "generator", _BOXES, _NO_DATA, _BLIND),
    Diagram(
        "PacGAN, D's turn",
        "pacgan",
        "discriminator",
        _BOXES,
        _WORDS | {"z": ("z, z'", (0.08, 0.72)), "x": ("x, x'", (0.34, 0.24)), "real?": ("both real?", (0.9, 0.5))},
        _ARROWS,
    ),
    Diagram("conditional GAN, G's turn", "cdcgan", "generator", _BOXES, _NO_DATA | _Y, [*_BLIND, *_ASKED]),
    Diagram(
        "InfoGAN, G's turn",
        "infogan",
        "generator",
        _BOXES | {"recognition": ("Q", (0.8, 0.8))},
        _NO_DATA | {"c": ("c", (0.08, 0.9)), "c?": ("c?", (0.96, 0.8))},
        [*_BLIND, ("c", "generator"), ("discriminator", "recognition"), ("recognition", "c?")],
    ),
    Diagram(
        "VAE-GAN, E's turn",
        "nsgan",
        "encoder",
        {"encoder": ("E", (0.24, 0.5)), "generator": ("G", (0.54, 0.5))},
        {"x": ("x", (0.06, 0.5)), "z": ("E(x)", (0.39, 0.62)), "again": ("‖x − G(E(x))‖²", (0.87, 0.5))},
        [("x", "encoder"), ("encoder", "generator"), ("generator", "again")],
        {"encoder": True},
    ),
    Diagram(
        "a second discriminator, D's turn",
        "attribute-gan",
        "discriminator",
        _BOXES | {"auxiliary": ("A", (0.66, 0.14))},
        _WORDS | _Y | {"y?": ("y?", (0.92, 0.14))},
        [*_ARROWS, *_ASKED, ("x", "auxiliary"), ("auxiliary", "y?")],
    ),
    Diagram(
        "a second discriminator, G's turn",
        "attribute-gan",
        "generator",
        _BOXES | {"auxiliary": ("A", (0.66, 0.14))},
        _NO_DATA | _Y | {"y?": ("y?", (0.92, 0.14))},
        [*_BLIND, *_ASKED, ("generator", "auxiliary"), ("auxiliary", "y?")],
    ),
    Diagram(
        "VAE-GAN, G's turn",
        "nsgan",
        "generator",
        _BOXES | {"encoder": ("E", (0.08, 0.3))},
        _NO_DATA | {"x": ("x", (0.08, 0.0)), "again": ("‖x − G(E(x))‖²", (0.6, 0.1))},
        [*_BLIND, ("x", "encoder"), ("encoder", "generator"), ("generator", "again")],
        {"encoder": True},
    ),
)


def game_of(diagram: Diagram) -> GAN:
    """Return the game that the diagram's recipe plays on the built-in digits, or on the ring for PacGAN."""
    made = recipe(diagram.recipe, data="ring" if diagram.recipe == "pacgan" else "digits", device="cpu")
    if diagram.settings.get("encoder"):
        adam = Adam(2e-4, (0.5, 0.999))
        players = {"discriminator": adam, "encoder": adam, "generator": adam}
        made = replace(made, terms=(*made.terms, Reconstruction()), players=players)
    return assemble(made).game


def moved(game: GAN, player: str) -> list[str]:
    """Return the networks whose weights a player moves."""
    own = {id(parameter) for parameter in game.players[player].parameters}
    return [name for name, network in game.networks.items() if any(id(p) in own for p in network.parameters())]


def diagrams() -> Figure:
    """Block diagrams, from GAN to InfoGAN, PacGAN and VAE-GAN: who learns and who is held in each turn."""
    drawn = sheet(3, 3, width=4.0, height=2.5)
    numbers: dict[str, float] = {}
    for axes, diagram in zip(drawn.axes, DIAGRAMS, strict=True):
        learning = moved(game_of(diagram), diagram.turn)
        _draw(axes, diagram, learning)
        numbers |= {f"{diagram.title}: {name}": float(name in learning) for name in diagram.boxes}
    caption = (
        "Orange boxes learn in this player's turn, gray ones are held; which is which is read off the game that the "
        "recipe "
        "builds. G: generator, D: discriminator, Q: recogniser (moved with G, reading D's features), A: the second "
        "discriminator, which tells attributes (moved with D), E: encoder. z noise, y condition, c codes, x data."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _draw(axes: Axes, diagram: Diagram, learning: Sequence[str]) -> None:
    from matplotlib.patches import FancyArrowPatch

    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(-0.05, 1))
    axes.set_title(diagram.title, fontsize=10)
    drawn: dict[str, tuple[str, Spot]] = {}
    for name, (label, spot) in {**diagram.boxes, **diagram.words}.items():
        box = name in diagram.boxes
        look = {"boxstyle": "round,pad=0.6", "fc": "#ffe8cc" if name in learning else "#e9ecef"}
        look["ec"] = ORANGE if name in learning else GRAY
        plain = {"boxstyle": "round,pad=0.25", "fc": "white", "ec": "none"}
        asked = label.endswith("?") or "‖" in label
        drawn[name] = (label, spot)
        axes.text(
            spot[0],
            spot[1],
            label,
            ha="center",
            va="center",
            fontsize=13 if box else 10,
            bbox=look if box else plain,
            color="black" if box else GREEN if asked else BLUE,
            zorder=3,
        )
    for start, end in diagram.arrows:
        (tail, here), (head, there) = drawn[start], drawn[end]
        arrow = FancyArrowPatch(
            here,
            there,
            arrowstyle="-|>",
            mutation_scale=11,
            lw=1,
            color="black",
            shrinkA=_room(tail, start in diagram.boxes),
            shrinkB=_room(head, end in diagram.boxes),
        )
        axes.add_patch(arrow)


def _room(label: str, box: bool) -> float:
    """Return the points that an arrow leaves free around a box or a word."""
    return 20.0 if box else min(6 + 2.6 * len(label), 42.0)
