"""The socket under hostile use: a closed socket or a clear word, and the studio goes on."""

import contextlib
import json
import urllib.error
import urllib.request
from collections import Counter

import pytest

sync = pytest.importorskip(
    "websockets.sync.client", reason="streamlit is not installed: pip install 'gansmith[studio]'"
)
from websockets.exceptions import ConnectionClosed, InvalidStatus  # noqa: E402

from gansmith.studio.playing.frames import unpack  # noqa: E402

PATHS = ("/gansmith/play", "/gansmith/steer", "/gansmith/edit")
LARGEST = {"/gansmith/edit": 4_010_000}  # characters of a word: an upload is one
SMALL = {"do": "set", "query": {"batch": "16", "hidden": "8"}}


def open_socket(studio, origin=None, path="/gansmith/play", **more):
    address = studio.replace("http", "ws") + path
    return sync.connect(address, origin=studio if origin is None else origin, open_timeout=20, **more)


def first_frame(socket):
    """Return the header of the first frame, and say that it was drawn."""
    while isinstance(found := socket.recv(timeout=90), str):
        assert "error" not in found, found
    socket.send(json.dumps({"do": "ack"}))
    return unpack(found)[0]


def healthy(studio):
    with open_socket(studio) as socket:
        socket.send(json.dumps(SMALL))
        assert first_frame(socket)["step"] == 0
    assert urllib.request.urlopen(f"{studio}/_stcore/health", timeout=10).status == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:1", "null", "file://"])
def test_another_origin_is_refused(studio, origin, path):
    with pytest.raises(InvalidStatus), open_socket(studio, origin, path):
        pass


@pytest.mark.parametrize("path", PATHS)
def test_another_host_is_refused(studio, path):
    address = studio.replace("http", "ws") + path
    headers = {"Host": "evil.example"}
    with pytest.raises(InvalidStatus), sync.connect(address, origin="http://evil.example", additional_headers=headers):
        pass


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("rubbish", 1003),
        ("[" * 5000, 1003),
        ("[1, 2]", 1003),
        ('{"do": 5}', 1003),
        (b"\x00\x01", 1003),
        ('{"do": "' + "x" * 20_000 + '"}', 1009),
        ("x" * 70_000_000, 1009),
    ],
    ids=["rubbish", "deep", "a list", "a number", "bytes", "long", "huge"],
)
@pytest.mark.parametrize("path", PATHS)
def test_rubbish_closes_the_socket(studio, message, code, path):
    if isinstance(message, str) and "xxx" in message and len(message) < 100_000:
        message = message.replace("x" * 20_000, "x" * LARGEST.get(path, 20_000))
    with open_socket(studio, path=path, max_size=None) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            socket.send(message)
            while True:
                socket.recv(timeout=90)
        assert closed.value.rcvd.code == code
    healthy(studio)


def test_a_flood_of_clicks_does_no_harm(studio):
    with open_socket(studio) as socket:
        for _ in range(400):
            socket.send(json.dumps(SMALL))
        assert first_frame(socket)["step"] == 0
    healthy(studio)


def test_a_hundred_sessions_one_after_another(studio):
    for i in range(100):
        with open_socket(studio) as socket:
            if i % 10 == 0:
                socket.send(json.dumps(SMALL))
                socket.send(json.dumps({"do": "play"}))
                first_frame(socket)
    healthy(studio)


@pytest.mark.parametrize("path", PATHS)
def test_more_at_once_than_there_is_room_for_are_told_so(studio, path):
    with contextlib.ExitStack() as open_ones:
        for _ in range(12):
            open_ones.enter_context(open_socket(studio, path=path))
        with open_socket(studio, path=path) as socket:
            assert "are open already" in json.loads(socket.recv(timeout=90))["error"]
            with pytest.raises(ConnectionClosed):
                socket.recv(timeout=90)
    healthy(studio)
    with open_socket(studio, path=path) as socket:  # there is room again
        socket.send(json.dumps({**SMALL, "name": "nobody"}))
        assert "are open already" not in str(socket.recv(timeout=90))


def test_a_page_asked_for_by_another_host_is_refused(studio):
    for page in ("/", "/playground", "/_stcore/host-config"):
        asked = urllib.request.Request(studio + page, headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked, timeout=30)
        assert refused.value.code == 400 and b"does not answer to that name" in refused.value.read()
        assert urllib.request.urlopen(studio + page, timeout=30).status == 200


def test_a_machine_without_memory_says_so(monkeypatch):
    from gansmith.studio.playing import socket as module

    monkeypatch.setattr(module, "available", lambda: 10 << 20)
    assert module._full() == "10 MB of memory are left here, and a playground may take 256: close something"
    monkeypatch.setattr(module, "available", lambda: 10 << 30)
    assert module._full() == ""


def test_rubbish_for_the_edits_is_told_and_the_next_word_is_answered(studio):
    with open_socket(studio, path="/gansmith/edit") as socket:
        for said in (
            {"do": "edit"},
            {"do": "person", "name": "../faces", "seed": 1},
            {"do": "person", "name": "faces", "seed": 1e400},
            {"do": "upload", "name": "faces", "content": "!!"},
        ):
            socket.send(json.dumps(said))
            assert "error" in json.loads(socket.recv(timeout=60))
        socket.send(json.dumps({"do": "person", "name": "faces", "seed": 1}))
        assert "after" in json.loads(socket.recv(timeout=60))


def test_rubbish_for_the_faces_is_told_and_the_next_question_is_answered(studio):
    with open_socket(studio, path="/gansmith/steer") as socket:
        for said in (
            {"name": "../faces"},
            {"name": "faces", "seed": 1e400},
            {"name": "faces", "sliders": {"Young": 1e9}},
        ):
            socket.send(json.dumps({"do": "steer", **said}))
            assert "error" in json.loads(socket.recv(timeout=60))
        socket.send(json.dumps({"do": "steer", "name": "faces", "seed": 1}))
        assert json.loads(socket.recv(timeout=60))["seed"] == 1


def test_a_newer_question_about_a_face_interrupts_the_way_of_the_one_before(studio):
    def ask(turn, value):
        asked = {"do": "steer", "turn": turn, "name": "faces", "seed": 2, "sliders": {"Male": value}}
        socket.send(json.dumps(asked))

    with open_socket(studio, path="/gansmith/steer") as socket:
        ask(1, 90)
        first = json.loads(socket.recv(timeout=60))
        assert first["turn"] == 1 and first["left"] > 5
        ask(2, 10)
        ask(3, 20)  # the latest counts
        turns, left = [1], 1
        while turns[-1] < 3 or left:
            found = json.loads(socket.recv(timeout=60))
            turns, left = [*turns, found["turn"]], found["left"]
    answers = Counter(turns)
    assert turns == sorted(turns) and answers[1] < first["left"] and answers[2] <= 1
