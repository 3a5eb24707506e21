"""What Streamlit runs for every visit: the list of pages, and the page in view."""

import functools

import streamlit as st

from gansmith.studio import front
from gansmith.studio.editing import page as editing
from gansmith.studio.faces import page as facing
from gansmith.studio.latent import page as walking
from gansmith.studio.look import icon, style
from gansmith.studio.pictures import known, steerable
from gansmith.studio.playing import page as playing
from gansmith.studio.quiz import page as quizzing

st.set_page_config(page_title="gansmith studio", page_icon=icon(), layout="wide")
style()
playground = st.Page(playing.show, title="Playground", url_path="playground", icon=":material/sports_esports:")
quiz = st.Page(quizzing.show, title="Which one is real?", url_path="real", icon=":material/compare:")
cards = [(front.PLAYGROUND, playground), (front.QUIZ, quiz)]
if steerable():
    faces = st.Page(facing.show, title="Faces", url_path="faces", icon=":material/face:")
    cards.append((front.FACES, faces))
if known():
    edit = st.Page(editing.show, title="Edit", url_path="edit", icon=":material/brush:")
    latent = st.Page(walking.show, title="Latent", url_path="latent", icon=":material/route:")
    cards += [(front.EDIT, edit), (front.LATENT, latent)]
start = st.Page(
    functools.partial(front.show, cards), title="Start", url_path="start", icon=":material/home:", default=True
)
st.navigation([start, *(page for _, page in cards)], position="top").run()
