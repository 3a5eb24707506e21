"""The socket under hostile use: a closed socket or a clear word, and the studio goes on."""

import json
import urllib.request

import pytest

sync = pytest.importorskip(
    "websockets.sync.client", reason="streamlit is not installed: pip install 'gansmith[studio]'"
)
from websockets.exceptions import ConnectionClosed, InvalidStatus  # noqa: E402

from gansmith.studio.playing.frames import unpack  # noqa: E402

PATHS = ("/gansmith/play", "/gansmith/steer")
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


def test_more_at_once_than_there_is_room_for_are_told_so(studio):
    open_ones = [open_socket(studio) for _ in range(12)]
    try:
        with open_socket(studio) as socket:
            assert "are open already" in json.loads(socket.recv(timeout=90))["error"]
            with pytest.raises(ConnectionClosed):
                socket.recv(timeout=90)
    finally:
        for socket in open_ones:
            socket.close()
    healthy(studio)


def test_a_machine_without_memory_says_so(monkeypatch):
    from gansmith.studio.playing import socket as module

    monkeypatch.setattr(module, "available", lambda: 10 << 20)
    assert module._full() == "10 MB of memory are left here, and a playground may take 256: close something"
    monkeypatch.setattr(module, "available", lambda: 10 << 30)
    assert module._full() == ""


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
