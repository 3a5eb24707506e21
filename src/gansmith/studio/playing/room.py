"""A room: one browser's game, played in a thread of its own for as long as somebody looks."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gansmith.errors import GansmithError
from gansmith.playground.presets import preset
from gansmith.playground.session import Session
from gansmith.playground.setting import Setting, from_query
from gansmith.playground.units import Unit
from gansmith.studio.playing.frames import pack
from gansmith.studio.playing.telling import curves, told_of

FRAME = 1 / 60  # seconds between two frames at most
MEASURED = 0.35  # seconds between two looks at the quantities
UNSEEN = 5.0  # seconds without a sign of the page after which it plays no more
SLOW = 1.1  # seconds that a part of a step is shown in slow motion
FASTEST = 0  # steps a second: as many as there are
LONG = 0.25  # seconds of a step after which the page is told what would make it quick
LAYERS = {"samples": True, "heat": True, "arrows": True, "warp": False, "density": False}

OPENING = ("set", "preset")

Message = bytes | dict[str, Any]


class Room(threading.Thread):
    """Plays a session, and sends what it looks like whenever the page has drawn the last frame.

    Args:
        send: takes a frame (bytes) or a word (a dictionary); called from this thread.
    """

    def __init__(self, send: Callable[[Message], None]) -> None:
        super().__init__(name="playground", daemon=True)
        self.inbox: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
        self.closed = threading.Event()
        self._send = send
        self._session: Session | None = None
        self._layers = dict(LAYERS)
        self._unit: Unit | None = None  # the hidden unit that is pointed at
        self._inside = ""  # whose hidden units are drawn
        self.playing = self._slow = False
        self._speed = FASTEST
        self._awaiting: float | None = None  # since when a frame is on its way
        self._stale = True  # whether the page shows another game than there is
        self._last_frame = self._last_measure = 0.0
        self._parts: list[tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]] = []
        self._owed = False  # a whole, measured frame after the parts of a step
        self._rest = 0.0  # seconds that the frame in view stays before a part of a step takes its place
        self._debt = 0.0
        self._said_slow = False

    def close(self) -> None:
        """End the thread after the step in play."""
        self.closed.set()
        self.inbox.put({"do": "nothing"})

    def run(self) -> None:
        """Play until it is closed."""
        while not self.closed.is_set():
            try:
                self._hear()
                self._turn()
            except GansmithError as error:
                self.playing = False
                self._send({"error": str(error)})

    def _hear(self) -> None:
        """Do what the page has asked for; wait for it while there is nothing else to do."""
        asked = []
        with contextlib.suppress(queue.Empty):
            asked.append(self.inbox.get(timeout=self._patience()))
            while True:
                asked.append(self.inbox.get_nowait())
        opening = [i for i, one in enumerate(asked) if one.get("do") in OPENING][:-1]  # all but the last are outdated
        for i, one in enumerate(asked):
            if i not in opening:
                try:
                    self._do(one)
                except (ValueError, TypeError, OverflowError) as error:
                    raise GansmithError(f"{str(one)[:60]} cannot be done") from error

    def _patience(self) -> float:
        """Return for how long to wait for a word, in seconds."""
        if self._session is None or not self._seen_lately():
            return 0.5
        if self.playing and not self._parts and not self._owed:
            return 0.001
        return FRAME / 2 if self._parts or self._stale or self._owed else 0.5

    def _do(self, asked: Mapping[str, Any]) -> None:
        what, session = asked.get("do"), self._session
        if what == "ack":
            self._awaiting = None
            return
        self._stale = True
        if what == "set":
            self._begin(from_query({str(n): str(v) for n, v in dict(asked.get("query") or {}).items()}))
        elif what == "preset":
            self._begin(preset(str(asked.get("name"))).setting(bool(asked.get("cured"))))
        elif what == "layers":
            self._layers |= {name: bool(asked.get(name)) for name in LAYERS if name in asked}
        elif what == "speed":
            self._speed = int(np.clip(float(asked.get("value", FASTEST)), 0, 1000))
        elif what == "slow":
            self._slow, self._parts, self._last_measure = bool(asked.get("on")), [], 0.0
        elif session is not None and what in ("unit", "inside"):
            self._point(str(what), asked, session)
        elif session is not None:
            self._move(str(what), asked, session)

    def _point(self, what: str, asked: Mapping[str, Any], session: Session) -> None:
        """Look inside a network: at all hidden units of a player, or at one of them."""
        who, self._unit = str(asked.get("player") or ""), None
        if what == "inside":
            if who:
                session.drawings(who)  # which says so if nobody is called so
            self._inside, self._last_measure = who, 0.0
        elif who:
            unit = Unit(who, int(asked.get("layer", 0)), int(asked.get("index", 0)))
            session.look({}, unit)
            self._unit = unit

    def _move(self, what: str, asked: Mapping[str, Any], session: Session) -> None:
        self._parts = []
        if what == "play":
            self.playing = session.trouble is None
        elif what == "pause":
            self.playing = False
        elif what == "step":
            self.playing = False
            self._in_parts(session) if self._slow else session.play(1)
        elif what == "reset":
            self.playing = False
            session.reset()
        elif what == "go":
            self.playing = False
            session.go(session.nearest(int(asked.get("step", 0))))
        elif what == "train":
            session.train(str(asked.get("who")))
        if what in ("pause", "step", "reset", "go"):  # it stands still: numbers are those of where it does
            self._last_measure = 0.0

    def _begin(self, setting: Setting) -> None:
        self._session, self._parts, self._unit = Session(setting), [], None
        self._last_measure, self._said_slow, self._owed = 0.0, False, False
        self._send({"setting": setting.values, "query": setting.query(), "data": setting.data})

    def _seen_lately(self) -> bool:
        return self._awaiting is None or time.monotonic() - self._awaiting < UNSEEN

    def _turn(self) -> None:
        """Play on for the time of a frame, and show what came of it."""
        session = self._session
        if session is None or not self._seen_lately():
            return
        if self.playing and not self._parts and not self._owed:
            if self._slow:
                self._in_parts(session)
            else:
                self._play(session)
            if session.trouble:
                self.playing = False
                self._stale = True
                self._last_measure = 0.0
                self._send({"error": session.trouble})
        if self._awaiting is None:
            self._draw(session, time.monotonic() - self._last_frame)

    def _draw(self, session: Session, passed: float) -> None:
        """Show the next part of a step, or the game as it stands, if it is time after the last frame."""
        if self._parts:
            if passed >= self._rest:
                self._show(session, *self._parts.pop(0))
                if not self._parts:
                    self._owed, self._last_measure = True, 0.0
            return
        due = FRAME if self._stale or not self._owed else SLOW
        if passed >= due and (self._stale or self.playing or self._owed):
            self._show(session, {}, session.look(self._layers, self._unit))
            self._owed = False

    def _play(self, session: Session) -> None:
        """Play as many steps as fit into a frame, or as the speed allows."""
        until = time.monotonic() + FRAME
        if self._speed == FASTEST:
            while time.monotonic() < until and not session.trouble and self.inbox.empty():
                start = time.thread_time()
                session.play(2)
                self._tell_slow((time.thread_time() - start) / 2)
            return
        self._debt = min(self._debt + self._speed * FRAME, 20.0)
        steps = int(self._debt)
        self._debt -= steps
        if steps:
            session.play(steps)
        self.closed.wait(max(until - time.monotonic(), 0))

    def _tell_slow(self, seconds: float) -> None:
        """Say once of a game that its steps are long, in seconds of this thread."""
        if seconds > LONG and not self._said_slow:
            self._said_slow = True
            note = f"A step takes this machine {seconds:.1f} s: a smaller batch, width or k makes it quick."
            self._send({"note": note})

    def _in_parts(self, session: Session) -> None:
        """Play one step, and keep what each of its parts looked like."""
        names = [*session.trainer.game.players]

        def see(moved: list[str]) -> None:
            about = {"trained": moved, "frozen": [name for name in names if name not in moved]}
            self._parts.append((about, session.look({**self._layers, "samples": True}, self._unit)))

        session.in_parts(see)

    def _show(self, session: Session, about: Mapping[str, Any], arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
        now = time.monotonic()
        known: dict[str, Any] = {}
        if now - self._last_measure > MEASURED and not about:
            self._last_measure = now
            known = told_of(session, session.measure())
            arrays = {**arrays, **curves(session)}
            if self._inside:
                arrays["drawings"] = session.drawings(self._inside)
        head = {
            "step": session.steps_done,
            "playing": self.playing,
            "who": session.who,
            "unit": self._unit,
            "window": [*session.probes.window.centre, session.probes.window.reach],
            "side": session.probes.window.side,
        }
        self._awaiting, self._last_frame, self._stale = now, now, False
        self._rest = SLOW if about else SLOW / 3
        self._send(pack({**head, **known, **about}, arrays))
