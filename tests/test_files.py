"""A file is written whole or not at all."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from gansmith.files import free_for, write_atomically


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")

    def fail(temporary):
        temporary.write_text("half of the n")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_threads_that_write_one_file_do_not_meet(tmp_path):
    """Two runs of one process keep the same learnt classifier in the same cache."""
    together = threading.Barrier(2)

    def write(temporary):
        temporary.write_text("whole")
        together.wait(timeout=10)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: write_atomically(tmp_path / "file", write), range(2)))
    assert [path.read_text() for path in tmp_path.iterdir()] == ["whole"]


def test_a_place_is_free_where_nothing_else_lies(tmp_path):
    path = tmp_path / "a.b.png"
    assert free_for(path, b"1") == path
    path.write_bytes(b"1")
    assert free_for(path, b"1") == path
    assert free_for(path, b"2") == tmp_path / "a.b-2.png"
    (tmp_path / "a.b-2.png").mkdir()
    assert free_for(path, b"2").name == "a.b-3.png"
