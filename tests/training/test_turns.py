"""Between two steps a run lets others have their turn, and has its own back before it goes on."""

import threading
import time

import pytest
import torch

from gansmith.streams import streams
from gansmith.training.randomness import Randomness, runs


def waiting(turn):
    """Wait until another thread waits for a turn."""
    end = time.monotonic() + 10
    while not turn.wanted and time.monotonic() < end:
        time.sleep(0.001)
    assert turn.wanted


@pytest.mark.parametrize("turn", [runs, streams], ids=["another run", "one who samples"])
def test_whoever_waits_comes_between_two_steps_and_the_run_goes_on_as_if_alone(turn):
    torch.manual_seed(1)
    alone = Randomness()
    with alone.owned():
        expected = [torch.rand(3) for _ in range(2)]
    torch.manual_seed(1)
    mine, other, between = Randomness(), Randomness(), []

    def come():
        with other.owned() if turn is runs else streams:
            between.append((streams.mine, torch.rand(3)))

    thread = threading.Thread(target=come)
    with mine.owned():
        drawn = [torch.rand(3)]
        thread.start()
        waiting(turn)
        mine.give_way()
        assert len(between) == 1 and streams.mine and runs.mine
        drawn.append(torch.rand(3))
    thread.join(10)
    assert not streams.mine and not runs.mine and not thread.is_alive()
    assert all(torch.equal(a, b) for a, b in zip(drawn, expected, strict=True))
    assert between[0][0]


def test_a_run_within_another_s_turn_gives_no_way():
    """As in a callback: whoever called it holds the turn, and what is outside would be nobody's."""
    outer, come = [], threading.Event()

    def wait():
        with streams:
            come.set()

    thread = threading.Thread(target=wait)
    with streams:
        inner = Randomness()
        with inner.owned():
            thread.start()
            waiting(streams)
            inner.give_way()
            outer.append(come.is_set())
    thread.join(10)
    assert outer == [False] and come.is_set()


def test_with_nobody_waiting_nothing_changes_hands():
    mine = Randomness()
    with mine.owned():
        torch.rand(1)
        state = torch.get_rng_state()
        mine.give_way()
        assert streams.mine and runs.mine and torch.equal(torch.get_rng_state(), state)


def test_the_program_s_streams_are_lent_within_a_run_alone():
    torch.manual_seed(5)
    expected = torch.rand(4)
    torch.manual_seed(5)
    mine = Randomness()
    with mine.lent():  # it does not play: these are the program's already
        drawn = [torch.rand(1)]
    with mine.owned():
        torch.rand(7)
        with mine.lent():
            drawn.append(torch.rand(1))
            assert not streams.mine
        torch.rand(7)
    drawn += [torch.rand(1), torch.rand(1)]
    assert torch.equal(torch.cat(drawn), expected)
