"""The flat view: every rule of its table, from Python and from words of a command line."""

import dataclasses
import inspect
from dataclasses import dataclass, field
from typing import Any

import pytest

import gansmith
from gansmith.cli.arguments import parse_recipe
from gansmith.cli.train import Train
from gansmith.data.source import SOURCES
from gansmith.dynamics import DYNAMICS, Alternating, Consensus, Optimistic, Simultaneous, Unrolled
from gansmith.errors import GansmithError
from gansmith.games.augmentations import AUGMENTATIONS, DiffAugment
from gansmith.games.optimizers import OPTIMIZERS, SGD, Adam, Optimizer
from gansmith.generators.prior import PRIORS
from gansmith.networks import CONDITIONINGS, DCGAN, FAMILIES, MLP, OPTIONS, ResNet
from gansmith.networks.seen import SEEN
from gansmith.objectives.augmentation import POLICIES
from gansmith.recipes import RECIPES
from gansmith.recipes.composition import Recipe, change
from gansmith.recipes.parts import COMPUTES, EVALUATIONS, RECORDS, TRAININGS
from gansmith.settings import PLAIN, View, Words
from gansmith.settings.components import helps, hints, marks, name_of, settings_of, slot
from gansmith.terms import LOSSES, R1, TERMS, Adversarial, GradientPenalty
from gansmith.terms.losses import EBGAN, Hinge, NonSaturating

KINDS = [
    *(TERMS, LOSSES, FAMILIES, DYNAMICS, AUGMENTATIONS, OPTIMIZERS, PRIORS, CONDITIONINGS, OPTIONS, SOURCES, SEEN),
    *(TRAININGS, COMPUTES, RECORDS, EVALUATIONS),
]
OURS = {f"{kind.name} {name}": made for kind in KINDS for name, made in kind.ours.items()}


def by_words(name: str, **changes: Any) -> Recipe:
    """Return the recipe that a command line with these settings makes."""
    words = [name]
    for setting, value in changes.items():
        told = value if isinstance(value, tuple | list) else [value]
        words += [f"--{setting.replace('_', '-')}", *map(str, told)]
    return parse_recipe(Train, "train", words)[1]


def by_values(name: str, **changes: Any) -> Recipe:
    return gansmith.recipe(name, **changes)


either = pytest.mark.parametrize("made", [by_values, by_words])


def term(recipe: Recipe, name: str) -> Any:
    return next((term for term in recipe.terms if name_of(term) == name), None)


@either
def test_a_setting_is_set_wherever_the_composition_has_it(made):
    recipe = made("r3gan", every=3, lr=1e-3, hidden=9, betas=(0.1, 0.9))
    assert [term(recipe, name).every for name in ("r1", "r2")] == [3, 3]
    assert {player: how.lr for player, how in recipe.players.items()} == {"discriminator": 1e-3, "generator": 1e-3}
    assert recipe.vectors.hidden == 9 and recipe.players["generator"].betas == (0.1, 0.9)
    assert recipe != gansmith.recipe("r3gan")


@either
def test_a_setting_of_one_component_leaves_others_alone(made):
    recipe = made("r3gan", **{"r2.every": 3, "generator.lr": 1e-3, "vectors.hidden": 9, "r1.weight": 3.0})
    assert (term(recipe, "r1"), term(recipe, "r2").every) == (R1(3.0, every=4), 3)
    assert (recipe.players["discriminator"].lr, recipe.players["generator"].lr) == (5e-4, 1e-3)


@either
def test_a_component_of_several_goes_by_its_first_setting(made):
    inside = made("nsgan", gradient_penalty=5)
    assert inside.terms == (Adversarial(), GradientPenalty(5.0))
    for off in (0, "none", 0.0, "0"):
        assert made("r3gan", r1=off).terms == gansmith.recipe("r3gan").terms[:1] + gansmith.recipe("r3gan").terms[2:]
        assert made("nsgan", r1=off) == gansmith.recipe("nsgan")  # out, and it has never been in
    assert term(made("r3gan", r1=0.25), "r1") == R1(0.25, every=4)


def test_what_is_put_in_stands_where_its_table_has_it_whatever_the_order_of_names():
    names = ["replay", "variance", "r1", "feature_matching", "gradient_penalty"]
    one, other = (gansmith.recipe("nsgan", **dict.fromkeys(order, 1.0)) for order in (names, names[::-1]))
    assert one.terms == other.terms
    order = list(TERMS.ours)
    assert [order.index(name_of(term)) for term in one.terms] == sorted(order.index(name_of(t)) for t in one.terms)


@either
def test_settings_of_what_is_put_in_by_the_same_change_are_known(made):
    recipe = made("nsgan", **{"gradient_penalty.one_sided": True, "every": 4, "gradient_penalty": 5})
    assert term(recipe, "gradient_penalty") == GradientPenalty(5.0, one_sided=True, every=4)


@either
def test_what_stands_in_a_place_is_chosen_by_name_and_settings_of_the_same_name_stay(made):
    recipe = made("dcgan", width=7, network="resnet", generator_norm="none")
    assert recipe.network == ResNet(7, "none")
    assert made("dcgan", loss="ebgan", margin=3.0).terms[0].loss == EBGAN(3.0)
    assert made("unrolled", dynamics="simultaneous").dynamics == Simultaneous()
    assert made("unrolled", dynamics="unrolled").dynamics == gansmith.recipe("unrolled").dynamics
    assert made("wgan", dynamics="consensus").dynamics.inner == gansmith.recipe("wgan").dynamics
    assert made("ebgan", loss="least_squares") == made("ebgan", loss="least-squares")


def test_a_component_may_be_the_value():
    recipe = gansmith.recipe(
        "dcgan",
        r1=R1(0.1, every=16),
        discriminator=Adam(4e-4),
        network=MLP(64),
        dynamics=Consensus(0.5, Optimistic()),
        loss=Hinge(),
        diff_augment=DiffAugment("cutout"),
    )
    assert recipe.terms == (Adversarial(Hinge()), R1(0.1, every=16)) and recipe.network == MLP(64)
    assert recipe.players == {"discriminator": Adam(4e-4), "generator": gansmith.recipe("dcgan").players["generator"]}
    assert recipe.dynamics == Consensus(0.5, Optimistic()) and recipe.augmentations == (DiffAugment("cutout"),)
    assert gansmith.recipe("r3gan", r1=R1(0.0, every=3)).terms[1:] != gansmith.recipe("r3gan").terms[1:]


@dataclass(frozen=True)
class Smoothness:
    """A user's own term."""

    weight: float = 0.5
    """How smooth."""
    costs = {}  # noqa: RUF012


def test_a_term_of_a_users_own_stands_beside_those_of_ours(tmp_path, monkeypatch):
    (tmp_path / "own_smooth.py").write_text(
        "from dataclasses import dataclass\n\n@dataclass(frozen=True)\nclass Smoothness:\n"
        "    weight: float = 0.5\n    costs = {}\n\n\nclass Nothing:\n    pass\n"
    )
    monkeypatch.chdir(tmp_path)
    for recipe in (
        gansmith.recipe("r3gan", term="own_smooth:Smoothness", smoothness=2.0),
        parse_recipe(Train, "train", ["r3gan", "--term", "own_smooth:Smoothness", "--smoothness", "2"])[1],
    ):
        assert recipe.terms[:3] == gansmith.recipe("r3gan").terms
        assert name_of(recipe.terms[3]) == "smoothness" and recipe.terms[3].weight == 2.0
    assert gansmith.recipe("nsgan", term=Smoothness()).terms == (Adversarial(), Smoothness())
    assert gansmith.recipe("nsgan", term=[Smoothness, R1(2.0)]).terms == (Adversarial(), Smoothness(), R1(2.0))
    with pytest.raises(GansmithError, match="own_smooth:Nothing: must be a frozen dataclass of its settings"):
        gansmith.recipe("nsgan", term="own_smooth:Nothing")
    with pytest.raises(GansmithError, match=r"term own_smoth:Smoothness: cannot be imported \(No module named"):
        gansmith.recipe("nsgan", term="own_smoth:Smoothness")
    with pytest.raises(GansmithError, match="unknown term 'smoothnes'"):
        gansmith.recipe("nsgan", term="smoothnes")


@pytest.mark.parametrize(
    ("words", "compiled"),
    [
        ("--compile", True),
        ("--compile True", True),
        ("--compile=True", True),
        ("--no-compile", False),
        ("--compile False", False),
        ("--compile --no-compile", False),
        ("--steps 3 --compile --batch 4", True),
        ("", False),
    ],
)
def test_flags_are_said_or_denied(words, compiled):
    recipe = parse_recipe(Train, "train", ["nsgan", *words.split()])[1]
    assert recipe == gansmith.recipe(
        "nsgan", **(({"steps": 3, "batch": 4} if "steps" in words else {}) | {"compile": compiled})
    )


@pytest.mark.parametrize(
    ("name", "setting", "value", "remedy"),
    [
        ("vanilla", "width", 4, "network = dcgan"),
        ("nsgan", "margin", 2.0, "loss = ebgan"),
        ("nsgan", "one_sided", True, "put gradient_penalty in"),
        ("unrolled", "n_critic", 5, "dynamics = alternating"),
        ("nsgan", "unrolled_steps", 3, "dynamics = unrolled"),
        ("nsgan", "gamma", 0.5, "dynamics = consensus"),
        ("nsgan", "replay.size", 7, "put replay in"),
        ("nsgan", "instance_noise.until", 0.5, "put instance_noise in"),
    ],
)
def test_a_setting_of_a_component_that_is_not_there_names_the_remedy_unless_it_is_the_default(
    name, setting, value, remedy
):
    for made in (by_values, by_words):
        with pytest.raises(GansmithError) as told:
            made(name, **{setting: value})
        line = str(told.value)
        assert line.startswith(f"{setting} is a setting of a component that is not there: ") and remedy in line
    absent = View(RECIPES[name]()).lacking(setting)
    kind, found, _ = next(iter(absent))
    assert found.name == setting.rpartition(".")[2] and found.default != value
    assert by_values(name, **{setting: found.default}) == RECIPES[name]()
    assert by_words(name, **{setting: found.default}) == RECIPES[name]()
    assert hints(kind)[found.name]


@either
def test_a_value_that_is_not_taken_is_told_even_where_it_would_change_nothing(made):
    with pytest.raises(GansmithError, match="whole number"):
        made("vanilla", width="wide")
    with pytest.raises(GansmithError, match="margin"):
        made("nsgan", margin=-1.0)


def test_a_change_can_fail_and_leaves_what_it_was_made_from_alone():
    recipe = RECIPES["hinge"]()
    with pytest.raises(GansmithError, match="unknown setting 'wdith': did you mean 'width'"):
        change(recipe, {"steps": 3, "wdith": 4})
    assert recipe == RECIPES["hinge"]()


# a bare name means one kind of setting


def bare_settings(kinds=None):
    """Yield every setting of every component of ours by its bare name."""
    for where, kind in (kinds or OURS).items():
        for one in settings_of(kind):
            if slot(kind, one) is None:
                yield one.name, where, (hints(kind)[one.name], str(marks(kind)[one.name])), helps(kind).get(one.name)


def disagreements(kinds=None):
    """Yield names that mean settings of several types, ranges or helps; a weight goes by its component's name."""
    seen: dict[str, tuple[str, Any, str | None]] = {}
    for name, where, kind, told in bare_settings(kinds):
        first, kind_before, told_before = seen.setdefault(name, (where, kind, told))
        if kind != kind_before:
            yield f"{name} is {kind_before} in {first} and {kind} in {where}"
        if told != told_before and name != "weight":
            yield f"{name} is told as {told_before!r} in {first} and as {told!r} in {where}"


def test_a_bare_name_means_one_kind_of_setting():
    assert list(disagreements()) == []


@dataclass(frozen=True)
class Otherwise:
    """Uses names of ours for other things."""

    every: float = 1.0
    """Apply the penalty only at every n-th move of the discriminator, n times as strong."""
    target: Any = field(default=1.0, metadata=PLAIN)
    covariance: float = 0.0
    """Something else."""


def test_a_name_of_two_meanings_is_seen():
    told = list(disagreements(OURS | {"other": Otherwise}))
    assert [line.split()[0] for line in told] == ["every", "covariance", "covariance"]


def test_a_weight_is_a_first_setting_and_so_goes_by_its_components_name():
    for where, kind in OURS.items():
        names = [one.name for one in settings_of(kind)]
        assert "weight" not in names[1:], where


def test_names_of_components_and_of_settings_are_not_mixed_up():
    """What could be put in, what can be chosen and what can be set have names of their own."""
    settings = {name for name, *_ in bare_settings()}
    rows = {name_of(kind) for row in (TERMS, AUGMENTATIONS) for kind in row.ours.values()}
    places = {one.name for one in dataclasses.fields(Recipe) if one.metadata.get("setting", True)} | {"loss", "inner"}
    players = set(Recipe().players)
    for names, others in ((settings, rows), (settings, places - {"optimizer"}), (rows, places), (players, rows)):
        assert not names & others
    assert not (settings | rows | places) & {"out", "help", "help_all", "seeds", "jobs"}


def test_policies_of_the_setting_are_those_of_the_function():
    limits = marks(DiffAugment)["policy"]
    assert isinstance(limits, Words) and set(limits.words) == set(POLICIES)
    for policy in POLICIES:
        assert gansmith.recipe("diffaugment", diff_augment=policy).augmentations == (DiffAugment(policy),)


def test_short_makers_of_optimisers_make_settings():
    assert Adam() == Optimizer() and SGD(0.2, 0.9).optimizer == "SGD"
    for make in (Adam, SGD):
        assert {"lr"} <= set(inspect.signature(make).parameters)
    assert View(Recipe()).settings["lr"][0].owner == Adam()
    assert isinstance(Recipe().terms[0].loss, NonSaturating) and Recipe().network == DCGAN()
    assert Recipe().dynamics == Alternating() and isinstance(gansmith.recipe("unrolled").dynamics, Unrolled)


def test_what_stood_there_leaves_what_was_set_and_not_what_was_its_default():
    """DCGAN's discriminator is normalised if nothing is said, that of style is not."""
    own, given = gansmith.recipe("nsgan"), gansmith.recipe("nsgan", discriminator_norm="layer")
    assert change(own, {"network": "style"}).network.discriminator_norm == "none"
    assert change(given, {"network": "style"}).network.discriminator_norm == "layer"
    assert change(own, {"network": "style", "discriminator_norm": "batch"}).network.discriminator_norm == "batch"
