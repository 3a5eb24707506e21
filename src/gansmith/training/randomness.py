"""A run's randomness: its own, whatever else goes on in the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gansmith.streams import Streams, random_state, set_random_state, streams
from gansmith.turns import Turn

runs = Turn()
"""Held by the run that plays, while a user's callback looks at it too."""


class Randomness:
    """A run's own streams of all global generators, beginning where those in place are.

    What a user's own networks and terms draw from global generators depends on the run alone, and the program's streams
    never move. Only one run of a process plays at a time; others wait at the border of their step. Threads of the
    program that draw from global generators while a run plays draw from the run's: they need generators of their own.
    """

    def __init__(self) -> None:
        self._mine = Streams.fresh()
        self._outside: Streams | None = None
        self._playing = False
        self._nested = False

    @contextmanager
    def owned(self) -> Iterator[None]:
        """While inside, the run's streams are in place."""
        if self._playing and streams.mine:
            yield
            return
        self._nested = nested = streams.mine  # in a user's code that gansmith called: nobody else plays meanwhile
        if not nested:
            runs.take()
        try:
            with streams:
                self._enter()
                try:
                    yield
                finally:
                    self._exit()
        finally:
            if not nested:
                runs.leave()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """While inside `owned`, put the program's streams in place for code of the user's own."""
        if not self._playing:
            yield
            return
        self._exit()
        streams.leave()
        try:
            yield
        finally:
            streams.take()
            self._enter()

    def give_way(self) -> None:
        """Between two steps, let other threads have their turn if they wait for it."""
        if (streams.wanted or runs.wanted) and not self._nested:
            self._exit()
            for turn in (streams, runs):
                turn.leave()
            for turn in (runs, streams):
                turn.take()
            self._enter()

    def _enter(self) -> None:
        self._outside = Streams.now(self._outside)
        self._mine.put()
        self._playing = True

    def _exit(self) -> None:
        if self._playing:
            self._playing = False
            self._mine = Streams.now(self._mine)
            assert self._outside is not None
            self._outside.put()

    def state_dict(self) -> dict[str, Any]:
        """Return where the streams are."""
        with self.owned():
            return random_state()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go where streams were."""
        with self.owned():
            set_random_state(state)
