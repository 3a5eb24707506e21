"""Which one is real? The page."""

from __future__ import annotations

import functools
from typing import Any

import streamlit as st

from gansmith.errors import GansmithError
from gansmith.studio.look import asset, heading
from gansmith.studio.pictures import known
from gansmith.studio.quiz.rounds import ROUNDS, game, scores

SIZES = {"Pairs": 2, "One among nine": 9}


@functools.cache
def _quiz() -> Any:
    return st.components.v2.component(
        "gansmith.quiz", html=asset("quiz.html"), css=asset("quiz.css"), js=asset("quiz.js")
    )


def show() -> None:
    """Draw the page."""
    heading("Which one is real?", f"{ROUNDS} questions. Arrow keys or a click; Enter goes on.")
    names = known()
    if not names:
        st.info("No generator of pictures is at hand: give a folder of runs, `gansmith studio RUNS`.")
        return
    left, middle, _ = st.columns([2, 2, 3], vertical_alignment="top")
    name = left.selectbox("Generator", names)
    size = SIZES[middle.segmented_control("Question", list(SIZES), default="Pairs", required=True)]
    number = st.session_state.setdefault("quiz", 0)
    try:
        questions = game(name, size, number)
    except GansmithError as error:
        st.info(str(error))
        return
    data = {"questions": questions, "scores": scores(size), "game": f"{name}-{size}-{number}", "name": name}
    _quiz()(key="quiz-canvas", data=data, on_again_change=_again)


def _again() -> None:
    st.session_state["quiz"] += 1
