"""Wrong edits of wiring, written down by hand, each with the tests of its room that must notice it."""

from __future__ import annotations

from typing import NamedTuple

GAMES = "src/gansmith/games/"
TERMS = "src/gansmith/terms/"


class Edit(NamedTuple):
    """One wrong edit."""

    what: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]

    def put_in(self, source: bytes) -> bytes:
        """Return the file with the edit; what it replaces must be there once."""
        assert source.count(self.old.encode()) == 1, f"{self.what}: {self.old!r} is not there once"
        return source.replace(self.old.encode(), self.new.encode())


def _penalty(what: str, old: str, new: str) -> Edit:
    return Edit(what, TERMS + "penalties.py", old, new, ("tests/terms/test_plain.py", "tests/terms/test_penalties.py"))


def _adversarial(what: str, old: str, new: str) -> Edit:
    return Edit(
        what, TERMS + "adversarial.py", old, new, ("tests/terms/test_plain.py", "tests/terms/test_adversarial.py")
    )


_DRAGAN = "return objectives.penalties.gradient_penalty(batch.score, points, self.target)"
_HELD = """    needs = _needing(single=True)
    costs = LAZILY

    def value(self, batch: Round) -> Tensor:
        x = batch.x.detach()
"""
_FLIPPED = 'return {"discriminator": lambda batch: -self.both(batch), "generator": self.both}'
_ONE_SIDED = "(batch.score, mixed, self.target, self.one_sided)"

EDITS = (
    _penalty("DRAGAN's sign", _DRAGAN, _DRAGAN.replace("return ", "return -")),
    _penalty("variance's sign", "return objectives.penalties.variance", "return -objectives.penalties.variance"),
    _penalty(
        "R2's sign",
        'return objectives.penalties.zero_centred(batch.scores("fake")',
        'return -objectives.penalties.zero_centred(batch.scores("fake")',
    ),
    Edit(
        "pull-away's sign",
        TERMS + "features.py",
        "return self.weight * objectives.penalties.pull_away",
        "return -self.weight * objectives.penalties.pull_away",
        ("tests/terms/test_plain.py",),
    ),
    Edit(
        "the sign of the discriminator's share of InfoGAN's bound",
        TERMS + "condition.py",
        'return {"discriminator": self.both, "generator": self.both}',
        _FLIPPED,
        ("tests/terms/test_plain.py",),
    ),
    _adversarial("1 + smoothing", "1.0 - self.label_smoothing, 0.0", "1.0 + self.label_smoothing, 0.0"),
    _penalty("one_sided is ignored", _ONE_SIDED, "(batch.score, mixed, self.target)"),
    _penalty("target is ignored", _ONE_SIDED, "(batch.score, mixed, 1.0, self.one_sided)"),
    _penalty("target is ignored by DRAGAN", _DRAGAN, _DRAGAN.replace(", self.target", "")),
    _penalty(
        "every is ignored by DRAGAN",
        _HELD,
        _HELD.replace("LAZILY", 'property(lambda self: {"discriminator": lambda b: self.weight * self.value(b)})'),
    ),
    Edit(
        "fake_weight and generator_weight are exchanged",
        TERMS + "condition.py",
        """self.fake_weight * self._cross_entropy(batch, "fake") if self.fake_weight else total

    def generator(self, batch: Round) -> Tensor:
        return self.generator_weight""",
        """self.generator_weight * self._cross_entropy(batch, "fake") if self.generator_weight else total

    def generator(self, batch: Round) -> Tensor:
        return self.fake_weight""",
        ("tests/terms/test_plain.py",),
    ),
    Edit(
        "linear and cosine are exchanged",
        GAMES + "optimizers.py",
        'if self.schedule == "linear" else',
        'if self.schedule == "cosine" else',
        ("tests/games/test_schedules.py",),
    ),
    _adversarial(
        "discriminator_scale is dropped", "return self.discriminator_scale * _mean(shares)", "return _mean(shares)"
    ),
    _adversarial("generator_scale is dropped", "return self.generator_scale * _mean(shares)", "return _mean(shares)"),
    _adversarial(
        "label_noise flips those it should not",
        '"flip real", (count,)) < self.label_noise',
        '"flip real", (count,)) > self.label_noise',
    ),
    Edit(
        "the averaged generator is never shown",
        "src/gansmith/training/trainer.py",
        'network = self.ema.module if self.ema else self.game.networks["generator"]',
        'network = self.game.networks["generator"]',
        ("tests/training/test_every_setting.py",),
    ),
    Edit(
        "the shortcut of a ResNet's generator is off",
        "src/gansmith/networks/resnet.py",
        "return inner + interpolate(self.shortcut(x), scale_factor=2)",
        "return inner",
        ("tests/networks/test_resnet.py",),
    ),
    Edit(
        "the shortcut of a ResNet's discriminator is off",
        "src/gansmith/networks/resnet.py",
        "self.body(x) + self.shortcut(x)",
        "self.body(x)",
        ("tests/networks/test_resnet.py",),
    ),
    Edit(
        "speeds are doubled",
        "src/gansmith/callbacks/logger.py",
        "(trainer.steps_done - self._since[1]) /",
        "2 * (trainer.steps_done - self._since[1]) /",
        ("tests/callbacks/test_logger.py",),
    ),
    Edit(
        "learning rates stand still",
        "src/gansmith/training/trainer.py",
        "player.schedule.step()",
        "pass",
        ("tests/training/test_every_setting.py",),
    ),
    Edit(
        "the leader moves once whatever n_critic says",
        "src/gansmith/dynamics/alternating.py",
        "for i in range(self.n_critic):",
        "for i in range(1):",
        ("tests/dynamics/test_every_setting.py",),
    ),
)
