"""Every term is its plain function of what the networks say, at its defaults and with every number another."""

import dataclasses
from pathlib import Path

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from tried import others

from gansmith.conditions import Condition
from gansmith.objectives import information, losses, matching, penalties
from gansmith.settings.components import settings_of, slot
from gansmith.terms import LOSSES, TERMS, Needs

CONDITION = Condition(labels=3, attributes=("old",), categorical=(4,), continuous=2)
N = 12


class Told:
    """What the networks of a game say of a round, each asked by itself."""

    def __init__(self, term, game, turn):
        self.term, self.turn, self.networks = term, turn, game.networks
        self.fake = self.networks["generator"](turn.z, turn.c) if turn.c is not None else self.of("generator", turn.z)
        self.x = turn.x.detach().clone().requires_grad_()
        (self.real, self.real_features), (self.faked, self.fake_features) = map(self.judge, (self.x, self.fake))
        self.given = None if turn.c is None else turn.c[:, :4]

    def of(self, name, *inputs):
        return self.networks[name](*inputs)

    def judge(self, x):
        return self.of("discriminator", x)

    def score(self, x):
        return self.judge(x).logits

    def held(self, value):
        """What a penalty costs that comes at every n-th move, of which this is one."""
        return {"discriminator": self.term.weight * self.term.every * value}


def adversarial(told):
    term, targets = told.term, [1.0, 0.0]
    soft, flip = (told.turn.uniform(f"{name} real", (N,)) for name in ("soft", "flip"))
    soft_fake, flip_fake = (told.turn.uniform(f"{name} fake", (N,)) for name in ("soft", "flip"))
    ones, zeros = 1 - term.label_smoothing - term.soft_labels * soft, term.soft_labels * soft_fake
    targets = torch.where(flip < term.label_noise, zeros, ones), torch.where(flip_fake < term.label_noise, ones, zeros)
    return {
        "discriminator": term.discriminator_scale * term.loss.discriminator(told.real, told.faked, *targets),
        "generator": term.generator_scale * term.loss.generator(told.real, told.faked),
    }


def gradient_penalty(told):
    mixed = penalties.interpolate(told.x.detach(), told.fake, told.turn.uniform("epsilon", (N,)))
    return told.held(penalties.gradient_penalty(told.score, mixed, told.term.target, told.term.one_sided))


def dragan(told):
    points = penalties.dragan_points(told.x.detach(), told.turn.uniform("dragan", tuple(told.x.shape)))
    return told.held(penalties.gradient_penalty(told.score, points, told.term.target))


def lecam(told):
    """The averages begin as plain means: at the first cost they are this round's own."""
    value = penalties.lecam(told.real, told.faked, told.real.mean().detach(), told.faked.mean().detach())
    return {"discriminator": told.term.weight * value}


def replay(told):
    return {"discriminator": None}  # at the first cost there are no old fakes; test_adversarial.py has the next ones


def auxiliary(told):
    def entropy(x, features):
        read, asked = told.of("auxiliary", x, features), told.given
        return cross_entropy(read[:, :3], asked[:, :3].argmax(1)) + binary_cross_entropy_with_logits(
            read[:, 3:], asked[:, 3:]
        )

    term, real, fake = told.term, entropy(told.x, told.real_features), entropy(told.fake, told.fake_features)
    return {
        "discriminator": term.real_weight * real + term.fake_weight * fake,
        "generator": term.generator_weight * fake,
    }


def information_bound(told):
    logits, means = told.networks["recognition"].split(told.of("recognition", told.fake, told.fake_features))
    codes = CONDITION.split(told.turn.c)
    known = information.categorical_bound(logits[0], codes.categorical[0].argmax(1))
    measured = information.uniform_bound(means, torch.zeros_like(means), codes.continuous).sum()
    cost = -(told.term.weight * known + told.term.continuous_weight * measured)
    return {"discriminator": cost, "generator": cost}


def reconstruction(told):
    again = told.of("generator", told.of("encoder", told.x), told.turn.c)
    cost = told.term.weight * (told.x - again).square().flatten(1).sum(1).mean()
    return {"encoder": cost, "generator": told.term.generator_share * cost}


def kl(told):
    mean, log_variance = told.of("encoder", told.x).chunk(2, dim=1)
    each = (mean.square() + log_variance.exp() - 1 - log_variance) / 2
    return {"encoder": told.term.weight * each.sum(1).mean()}


def feature_error(told):
    again = told.of("generator", told.of("encoder", told.x), told.turn.c)
    apart = told.real_features.detach() - told.judge(again).features
    cost = told.term.weight * apart.square().sum(1).mean()
    return {"encoder": cost, "generator": told.term.generator_share * cost}


PLAIN = {
    "adversarial": adversarial,
    "gradient_penalty": gradient_penalty,
    "r1": lambda told: told.held(penalties.zero_centred(told.real, told.x)),
    "r2": lambda told: told.held(penalties.zero_centred(told.faked, told.fake)),
    "dragan": dragan,
    "variance": lambda told: told.held(penalties.variance(told.real, told.faked)),
    "drift": lambda told: told.held(penalties.drift(told.real)),
    "lecam": lecam,
    "pull_away": lambda told: {"generator": told.term.weight * penalties.pull_away(told.fake_features)},
    "feature_matching": lambda told: {
        "generator": told.term.weight
        * matching.feature_matching(told.real_features, told.fake_features, told.term.covariance)
    },
    "replay": replay,
    "auxiliary": auxiliary,
    "information": information_bound,
    "reconstruction": reconstruction,
    "posterior": kl,
    "feature_error": feature_error,
}
ELSEWHERE = {"answer": "test_answers.py", "bidirectional": "test_answers.py", "projected": "test_projected.py"}
"""Terms of another kind of game, which a file of their own holds."""
ENCODED = ("reconstruction", "posterior", "feature_error")
APART = {"lecam.average_decay", "replay.size", "adversarial.against", "adversarial.fakes"}  # in files of their own


def variants(name):
    """Yield a term at its defaults and with one number, or one choice, another."""
    made = TERMS.ours[name]()
    yield made
    for one in settings_of(made):
        if slot(made, one) is None and f"{name}.{one.name}" not in APART:
            values = others(type(made), one)
            assert values, f"{name}.{one.name}: what else could it be?"
            yield from (dataclasses.replace(made, **{one.name: value}) for value in values)


NEEDS = {
    "adversarial": None,
    "gradient_penalty": Needs(single=True),
    "r1": Needs(single=True, apart=True),
    "r2": Needs(single=True, apart=True),
    "dragan": Needs(single=True),
    "variance": Needs(pairs=True),
    "drift": Needs(),
    "lecam": None,
    "pull_away": Needs(features=True, pairs=True),
    "feature_matching": Needs(features=True),
    "replay": Needs(unconditional=True, changing="replay = 1"),
    "auxiliary": Needs(features=True, given=True),
    "information": Needs(features=True, codes=True),
    "projected": Needs(knowledge=True),
    "reconstruction": None,
    "posterior": None,
    "feature_error": Needs(features=True),
    "answer": Needs(seen=True),
    "bidirectional": Needs(features=True, single=True),
}


def test_what_terms_need_of_others():
    assert {name: getattr(made(), "needs", None) for name, made in TERMS.ours.items()} == NEEDS


def test_no_term_is_left_out():
    assert {*PLAIN, *ELSEWHERE} == set(TERMS.ours)
    assert all((Path(__file__).parent / file).is_file() for file in ELSEWHERE.values())


@pytest.mark.parametrize(
    ("name", "term"), [(name, term) for name in PLAIN for term in variants(name)], ids=lambda one: str(one)[:90]
)
def test_a_term_is_its_plain_function(name, term, game_of, round_of):
    players = ("discriminator", "generator", *(("encoder",) if name in ENCODED else ()))
    game = game_of(term, condition=CONDITION, dtype=torch.float64, players=players, discriminator_activation="tanh")
    labels, old = torch.arange(N) % 3, (torch.arange(N) % 2).float().unsqueeze(1)
    codes = CONDITION.draw_codes(N, torch.Generator().manual_seed(0))
    turn = round_of(game, N, CONDITION.join(labels, old, codes).double())
    expected = PLAIN[name](Told(term, game, turn))
    assert set(term.costs) == set(expected)
    for player, cost in expected.items():
        found = term.costs[player](turn)
        assert found is None if cost is None else found.item() == pytest.approx(cost.item(), rel=1e-9, abs=1e-12)


PAIRS = {
    "minimax": (losses.logistic_discriminator, losses.minimax_generator),
    "nonsaturating": (losses.logistic_discriminator, losses.nonsaturating_generator),
    "least-squares": (losses.least_squares_discriminator, losses.least_squares_generator),
    "wasserstein": (losses.wasserstein_discriminator, losses.wasserstein_generator),
    "hinge": (losses.hinge_discriminator, losses.wasserstein_generator),
    "margin": (losses.margin_discriminator, losses.margin_generator),
    "ebgan": (lambda real, fake: losses.energy_discriminator(real, fake, 1.0), losses.wasserstein_generator),
    "relativistic": (losses.relativistic_discriminator, losses.relativistic_generator),
    "relativistic-average": (losses.relativistic_average_discriminator, losses.relativistic_average_generator),
}


@pytest.mark.parametrize("name", LOSSES.ours)
def test_a_loss_is_its_pair_of_plain_functions(name):
    real, fake = torch.randn(2, 9, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    loss, pair = LOSSES.ours[name](), PAIRS[name]
    found = [loss.discriminator(real, fake).item(), loss.generator(real, fake).item()]
    assert found == [plain(real, fake).item() for plain in pair]


@pytest.mark.parametrize("name", LOSSES.ours)
def test_a_term_pays_its_own_loss(name, game_of, round_of):
    term = dataclasses.replace(TERMS.ours["adversarial"](), loss=LOSSES.ours[name]())
    turn = round_of(game := game_of(term, dtype=torch.float64))
    real, fake = (game.networks["discriminator"](x).logits for x in (turn.x, turn.fake))
    assert term.discriminator(turn).item() == pytest.approx(term.loss.discriminator(real, fake).item())
    assert term.generator(turn).item() == pytest.approx(term.loss.generator(real, fake).item())
