"""The front page: what each page is for, and what to try first."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from gansmith.studio.look import heading, picture
from gansmith.studio.place import GIVEN


class Card(NamedTuple):
    """A page as the front page tells of it."""

    title: str
    purpose: str
    first: str
    button: str
    picture: str = ""
    """Of the studio's own, or none."""


PLAYGROUND = Card(
    "Playground",
    "A GAN on the line or in the plane, live. See what the discriminator believes, what each sample is told to do, and "
    "how noise is folded into data; then break it, and mend it.",
    "press <b>Space</b> and watch eight modes being found. Then choose a failure from the list, and its cure.",
    "Open the playground",
    "card-playground.webp",
)

QUIZ = Card(
    "Which one is real?",
    "Pictures of a generator beside pictures of the kind it was trained on, all of them drawn: nobody's photograph. "
    "Your score comes with the doubt that belongs to it, and each answer with what gave the picture away.",
    "answer ten pairs with the arrow keys. That you cannot tell them apart is a result too.",
    "Take the test",
    "card-real.webp",
)

FACES = Card(
    "Faces",
    "People whom nobody drew, moved by sliders: younger, happier, with other hair. Beside them, what else has changed "
    "that nobody asked for.",
    "drag <b>Brown Hair</b> to 100, then ask for a new person with the sliders where they are.",
    "Move a face",
    "card-faces.webp",
)

EDIT = Card(
    "Edit",
    "Paint a colour, keep a region, drag a point: the generator answers with the nearest picture that it can make, "
    "while you paint. On somebody whom nobody drew, or on a picture of your own.",
    "paint dark strokes over the hair, then <b>Undo</b>.",
    "Paint over a face",
    "card-edit.webp",
)

LATENT = Card(
    "Latent",
    "The space that pictures come from: ways between two of them, walks without an end, one coordinate at a time, and "
    "what each of them moves.",
    "let a walk run, then lower the truncation.",
    "Walk through it",
    "card-latent.webp",
)


def show(cards: list[tuple[Card, st.Page]]) -> None:
    """Draw the front page."""
    heading(
        "gansmith studio", "Play with generative adversarial networks, see what happens inside them, and steer them."
    )
    st.html(
        '<p class="gs-lead">A GAN is a game of two networks. One, <b>G</b>, turns noise into samples; the other, '
        "<b>D</b>, learns to tell them from real ones, and every sample of G learns from D where it should have gone. "
        "These pages are that game to look at. Everything is computed on this machine while you watch.</p>"
    )
    for (card, page), column in zip(cards, st.columns(max(len(cards), 2)), strict=False):
        with column.container(border=True, height="stretch"):
            st.html(
                f'<div class="gs-card">{picture(card.picture)}<h3>{card.title}</h3><p>{card.purpose}</p>'
                f'<p class="gs-try"><b>Try first:</b> {card.first}</p></div>'
            )
            st.page_link(page, label=card.button, icon=":material/arrow_forward:")
    if FACES not in [card for card, _ in cards]:
        st.html(
            '<p class="gs-note">The page of faces opens once a generator has axes: '
            "<code>gansmith directions RUN</code>, then <code>gansmith studio RUNS</code>.</p>"
        )
    given = f"Generators come from <code>{GIVEN.runs.name}</code>" if GIVEN.runs else "No folder of runs was given"
    st.html(f'<p class="gs-note">{given}; nothing else is read, and nothing leaves this machine.</p>')
