"""A lock for threads that take turns."""

from __future__ import annotations

import os
import threading
from collections import deque


class Turn:
    """A lock that its holder may take again, and that goes to those who wait in the order in which they came.

    A forked child begins with all turns free that its one thread does not hold.
    """

    def __init__(self) -> None:
        self._begin()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._begin_in_child)

    def _begin(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._holder: int | None = None
        self._depth = 0

    def _begin_in_child(self) -> None:
        if self.mine:
            self._guard, self._waiting = threading.Lock(), deque()
        else:
            self._begin()

    @property
    def mine(self) -> bool:
        """Whether this thread holds it."""
        return self._holder == threading.get_ident()

    @property
    def wanted(self) -> bool:
        """Whether another thread waits for it."""
        return bool(self._waiting)

    def take(self) -> None:
        """Wait for it, and hold it once more."""
        if self.mine:
            self._depth += 1
            return
        gate = threading.Lock()
        with self._guard:
            if self._depth:
                gate.acquire()
                self._waiting.append(gate)
            else:
                self._hold()
                return
        try:
            gate.acquire()
        except BaseException:  # Ctrl-C while waiting
            self._give_up(gate)
            raise
        self._hold()

    def leave(self) -> None:
        """Hold it once less, and let the next one have it who waits; nothing if this thread does not hold it."""
        if not self.mine:
            return
        self._depth -= 1
        if self._depth:
            return
        with self._guard:
            self._holder = None
            if self._waiting:
                self._depth = 1  # nobody else may come between
                self._waiting.popleft().release()

    def _hold(self) -> None:
        self._holder, self._depth = threading.get_ident(), 1

    def _give_up(self, gate: threading.Lock) -> None:
        with self._guard:
            if gate in self._waiting:
                self._waiting.remove(gate)
                return
        self._hold()  # it came at that very moment
        self.leave()

    def __enter__(self) -> None:
        self.take()

    def __exit__(self, *error: object) -> None:
        self.leave()
