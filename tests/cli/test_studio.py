"""What `gansmith studio` says before it serves anything."""

import importlib.util
import socket

import pytest

from gansmith.cli.main import main


def told(capsys, *words):
    code = main(["studio", *words])
    err = capsys.readouterr().err
    assert code == 2 and err.count("\n") == 1
    return err


def test_without_streamlit_one_line_says_how_to_get_it(capsys, monkeypatch, tmp_path):
    found = importlib.util.find_spec
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "streamlit" else found(name, *a))
    assert "pip install 'gansmith[studio]'" in told(capsys)


def test_mistakes_are_told_in_one_line(capsys, tmp_path, monkeypatch):
    pytest.importorskip("streamlit")
    monkeypatch.chdir(tmp_path)
    assert "no such folder" in told(capsys, str(tmp_path / "none"))
    assert "port" in told(capsys, "--port", "99999")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"--port {port} is taken" in told(capsys, "--port", str(port), "--address", "127.0.0.1")
    assert "--address" in told(capsys, "--address", "no.such.host.invalid")
