"""What the Faces page is answered, without a browser: steps of a way, and one line for rubbish."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("streamlit", reason="streamlit is not installed: pip install 'gansmith[studio]'")

from starlette.websockets import WebSocketDisconnect

from gansmith.generators.file import SHIPPED
from gansmith.studio.faces.answering import Session, _converse

axes = pytest.mark.skipif(
    not (SHIPPED / "faces.directions.safetensors").is_file(), reason="no generator with axes comes with gansmith yet"
)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"name": "../faces"}, "no run is called ../faces here"),
        ({"name": "/etc/passwd"}, "no run is called"),
        ({"name": "faces", "seed": -1}, "seed = -1 must be"),
        ({"name": "faces", "seed": 10**30}, "must be a whole number from 0"),
        ({"name": "faces", "truncation": 7}, "truncation = 7 must be"),
        ({"name": "faces", "truncation": float("nan")}, "truncation = nan must be"),
        ({"name": "faces", "sliders": [1]}, "cannot be done"),
        ({"name": "faces", "sliders": {"Young": "x"}}, "cannot be done"),
        ({}, "no run is called None"),
    ],
)
def test_rubbish_is_told_in_one_line(said, told):
    error = Session().answer(said)["error"]
    assert told in error and "\n" not in error


@axes
def test_a_picture_comes_with_each_step_and_at_rest_depends_on_the_sliders_alone():
    asked = {"name": "faces", "seed": 7, "hold": []}
    session, straight = Session(), Session()

    def rest(session, first):
        answers = [first]
        while session.busy:
            answers.append(session.work())
        return [one for one in answers if one]

    def told(answer, name):
        return next(bar["after"] for bar in answer["bars"] if bar["name"] == name)

    way = rest(session, session.answer({**asked, "sliders": {"Male": 90}}))
    left = [one["left"] for one in way]
    assert len(way) > 3 and left[0] == 11 and left == sorted({*left}, reverse=True) and left[-1] == 0
    assert told(way[0], "Male") > way[0]["bars"][1]["before"] and told(way[-1], "Male") > told(way[0], "Male")
    dragged = session.answer({**asked, "sliders": {"Male": 85}})
    assert told(dragged, "Male") > (told(way[0], "Male") + told(way[-1], "Male")) / 2  # on from where it was
    last = rest(session, dragged)[-1]
    assert last["after"] == rest(straight, straight.answer({**asked, "sliders": {"Male": 85}}))[-1]["after"]
    back = session.answer({**asked, "sliders": {"Male": 50}})
    assert back["left"] == 0 and back["after"] == back["before"]
    other = session.answer({**asked, "seed": 6, "sliders": {"Male": 85}})
    alone = Session().answer({**asked, "seed": 6, "sliders": {"Male": 85}})
    assert other == alone  # somebody else's way begins at somebody else


class Page:
    """A page that asks once, and then stays or goes."""

    def __init__(self, stays):
        self.stays, self.said = stays, ['{"do": "steer", "name": "nobody"}']

    async def receive_text(self):
        if self.said:
            return self.said.pop()
        await asyncio.sleep(60 if self.stays else 0)
        raise WebSocketDisconnect

    async def send_json(self, found):
        raise WebSocketDisconnect


def converse(page):
    """Talk with a page in a thread of its own: browser tests leave an event loop behind in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, asyncio.wait_for(_converse(page), 20)).result()


def test_an_error_of_the_library_is_not_taken_for_a_page_that_has_gone(monkeypatch):
    def broken(self, said):
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(Session, "answer", broken)
    with pytest.raises(RuntimeError, match="shapes"):
        converse(Page(stays=True))


def test_a_page_that_has_gone_ends_the_conversation():
    converse(Page(stays=False))
