"""A room without a server: what it plays, and what it sends when."""

import time

import numpy as np
import pytest

pytest.importorskip("starlette", reason="streamlit is not installed: pip install 'gansmith[studio]'")

from gansmith.studio.playing import room as module
from gansmith.studio.playing.frames import unpack
from gansmith.studio.playing.room import Room


class Page:
    """What a room sends, and a page that draws it at once or not at all."""

    def __init__(self, draws=True):
        self.frames, self.words = [], []
        self.draws = draws
        self.room = Room(self.take)

    def take(self, message):
        if isinstance(message, bytes):
            self.frames.append(unpack(message))
            if self.draws:
                self.room.inbox.put({"do": "ack"})
        else:
            self.words.append(message)

    def wait(self, condition, seconds=90):
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, (self.words, len(self.frames))
            time.sleep(0.01)


@pytest.fixture
def seen():
    page = Page()
    page.room.start()
    yield page
    page.room.close()
    page.room.join(10)
    assert not page.room.is_alive()


SMALL = {"do": "set", "query": {"batch": "16", "hidden": "8"}}


def test_a_room_plays_and_pauses_and_goes_back(seen):
    for word in (SMALL, {"do": "play"}):
        seen.room.inbox.put(word)
    seen.wait(lambda: seen.frames and seen.frames[-1][0]["step"] > 30)
    seen.room.inbox.put({"do": "pause"})
    seen.wait(lambda: not seen.frames[-1][0]["playing"])
    seen.room.inbox.put({"do": "go", "step": 11})
    seen.wait(lambda: seen.frames[-1][0]["step"] == 10)
    seen.room.inbox.put({"do": "step"})
    seen.wait(lambda: seen.frames[-1][0]["step"] == 11)
    seen.room.inbox.put({"do": "reset"})
    seen.wait(lambda: seen.frames[-1][0]["step"] == 0)


def test_numbers_are_those_of_where_it_stands(seen):
    def told(step):
        return [about["quantities"] for about, _ in seen.frames if about["step"] == step and "quantities" in about]

    seen.room.inbox.put(SMALL)
    for _ in range(12):
        seen.room.inbox.put({"do": "step"})
    seen.wait(lambda: told(12))
    seen.room.inbox.put({"do": "go", "step": 10})
    seen.wait(lambda: told(10))
    before = len(told(12))
    seen.room.inbox.put({"do": "step"})
    seen.wait(lambda: seen.frames[-1][0]["step"] == 11)
    seen.room.inbox.put({"do": "step"})
    seen.wait(lambda: len(told(12)) > before)
    names = ("js", "pull", "discriminator", "generator")
    assert all(told(10)[-1][name] != told(12)[0][name] for name in names)
    assert all(told(12)[-1][name] == told(12)[0][name] for name in names)


def test_slow_motion_shows_each_part(seen, monkeypatch):
    monkeypatch.setattr(module, "SLOW", 0.01)
    for word in (SMALL, {"do": "slow", "on": True}, {"do": "step"}):
        seen.room.inbox.put(word)
    seen.wait(lambda: sum("trained" in about for about, _ in seen.frames) == 2)
    parts = [(about["trained"], about["frozen"]) for about, _ in seen.frames if "trained" in about]
    assert parts == [(["discriminator"], ["generator"]), (["generator"], ["discriminator"])]


@pytest.mark.parametrize("how", ["step", "play"])
def test_after_the_parts_of_a_slow_step_all_else_is_shown_as_it_is_then(seen, monkeypatch, how):
    monkeypatch.setattr(module, "SLOW", 0.01)
    words = ({"do": "inside", "player": "discriminator"}, {"do": "slow", "on": True})
    for word in (SMALL, *words, {"do": how}):
        seen.room.inbox.put(word)
    last = 1 if how == "step" else 11

    def measured():
        return {about["step"]: arrays for about, arrays in seen.frames if "quantities" in about}

    seen.wait(lambda: last in measured())
    whole = measured()[last]
    assert len(whole["costs"]) == last and {"heat", "courses", "drawings"} <= set(whole)
    assert whole["kept"].tolist() == ([0] if how == "step" else [0, 10])
    assert set(range(1, last + 1)) <= set(measured())  # after every step
    for before, (about, _) in zip(seen.frames, seen.frames[1:], strict=False):
        if before[0].get("trained") == ["generator"]:  # the last part
            assert "trained" not in about and "quantities" in about


def test_numbers_are_those_of_where_a_pause_leaves_it(seen, monkeypatch):
    monkeypatch.setattr(module, "MEASURED", 60.0)  # none while it plays
    for word in (SMALL, {"do": "play"}):
        seen.room.inbox.put(word)
    seen.wait(lambda: seen.frames and seen.frames[-1][0]["step"] > 5)
    seen.room.inbox.put({"do": "pause"})
    seen.wait(lambda: not seen.frames[-1][0]["playing"])
    assert "quantities" in seen.frames[-1][0]


def test_the_heat_map_that_is_sent_comes_nearer_to_one_half_where_samples_are(seen):
    # Steps 40 to 100 of the default game, see tests/playground/test_session.py.
    def distance(step):
        seen.room.inbox.put({"do": "go", "step": step})
        seen.wait(lambda: seen.frames[-1][0]["step"] == step and not seen.frames[-1][0]["playing"])
        about, arrays = seen.frames[-1]
        centre, reach, side = np.array(about["window"][:2]), about["window"][2], about["side"]
        cells = np.clip(((arrays["fake"] - centre) / reach + 1) / 2 * side, 0, side - 1).astype(int)
        heat = arrays["heat"].reshape(side, side)[cells[:, 0], cells[:, 1]] / 255
        return np.abs(heat - 0.5).mean()

    for word in ({"do": "set", "query": {}}, {"do": "play"}):
        seen.room.inbox.put(word)
    seen.wait(lambda: seen.frames and seen.frames[-1][0]["step"] >= 100)
    seen.room.inbox.put({"do": "pause"})
    seen.wait(lambda: not seen.frames[-1][0]["playing"])
    assert distance(100) < 0.6 * distance(40)


def test_who_does_not_look_is_not_played_for(monkeypatch):
    monkeypatch.setattr(module, "UNSEEN", 0.3)
    page = Page(draws=False)
    page.room.start()
    for word in (SMALL, {"do": "play"}):
        page.room.inbox.put(word)
    page.wait(lambda: len(page.frames) == 1)
    time.sleep(1.0)
    before = page.room._session.steps_done
    time.sleep(0.5)
    assert page.room._session.steps_done == before and len(page.frames) == 1  # one on its way
    page.room.close()
    page.room.join(10)


def test_a_unit_is_shown_while_it_is_asked_for(seen):
    for word in (SMALL, {"do": "inside", "player": "discriminator"}):
        seen.room.inbox.put(word)
    seen.wait(lambda: any("drawings" in arrays for _, arrays in seen.frames))
    seen.room.inbox.put({"do": "unit", "player": "discriminator", "layer": 1, "index": 3})
    seen.wait(lambda: "unit" in seen.frames[-1][1])
    assert seen.frames[-1][0]["unit"] == ["discriminator", 1, 3] and seen.frames[-1][1]["unit"].shape == (1600,)
    seen.room.inbox.put({"do": "unit"})
    seen.wait(lambda: "unit" not in seen.frames[-1][1])
    seen.room.inbox.put({"do": "inside", "player": ""})
    before = len(seen.frames)
    seen.wait(lambda: len(seen.frames) > before)
    assert "drawings" not in seen.frames[-1][1]


def test_a_machine_that_is_too_small_is_told_once(seen, monkeypatch):
    monkeypatch.setattr(module, "LONG", 0.0)
    for word in (SMALL, {"do": "play"}):
        seen.room.inbox.put(word)
    seen.wait(lambda: seen.frames and seen.frames[-1][0]["step"] > 10)
    (told,) = [one["note"] for one in seen.words if "note" in one]
    assert "a smaller batch, width or k makes it quick" in told


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ({"do": "set", "query": {"batch": "9999999"}}, "batch = 9999999 must be"),
        ({"do": "set", "query": {"data": "os:system"}}, "unknown data"),
        ({"do": "set", "query": 3}, "cannot be done"),
        ({"do": "preset", "name": "none"}, "unknown preset"),
        ({"do": "go", "step": "x"}, "cannot be done"),
        ({"do": "go", "step": float("inf")}, "cannot be done"),
        ({"do": "train", "who": "__class__"}, "train = __class__ must be one of"),
        ({"do": "speed", "value": [1]}, "cannot be done"),
        ({"do": "unit", "player": "discriminator", "layer": 9, "index": 0}, "has no unit 1 in a hidden layer 10"),
        ({"do": "unit", "player": "generator", "layer": "x"}, "cannot be done"),
        ({"do": "unit", "player": "__init__"}, "player = __init__ must be one of"),
        ({"do": "inside", "player": "nobody"}, "player = nobody must be one of"),
    ],
)
def test_rubbish_is_told_and_the_room_goes_on(seen, word, told):
    seen.room.inbox.put(SMALL)
    seen.wait(lambda: seen.frames)
    seen.room.inbox.put(word)
    seen.wait(lambda: any(told in one.get("error", "") for one in seen.words))
    seen.room.inbox.put({"do": "step"})
    seen.wait(lambda: seen.frames[-1][0]["step"] == 1)
