"""What goes over the socket, and who may open it, without a server."""

import struct
import time

import numpy as np
import pytest

pytest.importorskip("starlette", reason="streamlit is not installed: pip install 'gansmith[studio]'")

from gansmith.errors import GansmithError
from gansmith.studio import place, serving
from gansmith.studio.playing.frames import pack, unpack
from gansmith.studio.playing.socket import Rate, allowed


def test_a_frame_comes_back_as_it_was():
    arrays = {"heat": np.arange(5, dtype=np.uint8), "real": np.random.default_rng(0).random((3, 2), np.float32)}
    about, found = unpack(pack({"step": 7, "costs": [1.0, float("inf")], "d": {"x": float("nan")}}, arrays))
    assert about == {"step": 7, "costs": [1.0, None], "d": {"x": None}}
    assert all(np.array_equal(found[name], array) for name, array in arrays.items())
    message = pack({}, arrays)
    (length,) = struct.unpack_from("<I", message)
    assert length % 4 == 0 and len(message) % 4 == 0  # a browser reads floats at multiples of four alone


@pytest.mark.parametrize(
    ("host", "origin", "address", "may"),
    [
        ("localhost:8501", "http://localhost:8501", "localhost", True),
        ("127.0.0.1:8501", "http://127.0.0.1:8501", "localhost", True),
        ("[::1]:8501", "http://[::1]:8501", "localhost", True),
        ("localhost:8501", "http://evil.example", "localhost", False),
        ("localhost:8501", "http://localhost:9999", "localhost", False),
        ("evil.example:8501", "http://evil.example:8501", "localhost", False),
        ("localhost:8501", None, "localhost", False),
        ("localhost:8501", "null", "localhost", False),
        (None, "http://localhost:8501", "localhost", False),
        ("localhost:8501", "file://localhost:8501", "localhost", False),
        ("http://[", "http://[", "localhost", False),
        ("box.lan:8501", "http://box.lan:8501", "0.0.0.0", True),
        ("box.lan:8501", "http://evil.example", "0.0.0.0", False),
    ],
)
def test_who_may_open_the_socket(host, origin, address, may):
    assert allowed(host, origin, address) is may


def test_words_are_counted(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    rate = Rate()
    assert sum(rate.passes() for _ in range(500)) == 120
    now[0] += 1
    assert sum(rate.passes() for _ in range(500)) == 60


def test_only_runs_of_the_folder_are_listed(tmp_path, monkeypatch):
    inside, outside = tmp_path / "runs", tmp_path / "secret"
    for folder in (inside / "one", outside):
        folder.mkdir(parents=True)
        (folder / place.WEIGHTS).write_bytes(b"")
    (inside / "link").symlink_to(outside)
    monkeypatch.setattr(place.GIVEN, "runs", inside)
    assert place.names() == ["one"]
    for name in ("../secret", "link", str(outside), ""):
        with pytest.raises(GansmithError, match="no run is called"):
            place.generator(name)


def test_localhost_alone_and_no_telemetry_by_default():
    found = serving.options(8501, "localhost")
    assert found["browser.gatherUsageStats"] is False and found["server.address"] == "localhost"
    assert set(found["server.allowedHosts"]) == {"localhost", "127.0.0.1", "::1"}
    assert serving.options(8501, "0.0.0.0")["server.allowedHosts"] == ["*"]


def test_generators_with_axes_are_found_without_opening_them(tmp_path, monkeypatch):
    from gansmith.studio import pictures

    for name, axes in (("with", True), ("without", False)):
        (tmp_path / name).mkdir()
        (tmp_path / name / place.WEIGHTS).write_bytes(b"no generator")
        if axes:
            (tmp_path / name / "directions.safetensors").write_bytes(b"")
    monkeypatch.setattr(place.GIVEN, "runs", tmp_path)
    found = pictures.steerable()
    assert "with" in found and "without" not in found and {"with", "without"} < set(pictures.known())
