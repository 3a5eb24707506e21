"""A folder belongs to one run, whoever asks for it at the same moment."""

import errno
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gansmith.errors import GansmithError
from gansmith.records import lock
from gansmith.records.lock import fresh_folder, locked

ASK = """
import sys, time
from pathlib import Path
from gansmith.records.lock import fresh_folder
while time.time() < float(sys.argv[1]):
    pass
for _ in range(20):
    with fresh_folder(Path("runs/one")) as path:
        (path / "mine").touch()
        print(path)
"""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_processes_that_ask_at_the_same_moment_get_a_folder_each(here):
    command = [sys.executable, "-c", ASK, str(time.time() + 0.5)]
    askers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    given = [line for asker in askers for line in asker.communicate()[0].split()]
    assert [asker.returncode for asker in askers] == [0] * 4
    assert len(set(given)) == len(given) == 80 == len(list((here / "runs").iterdir()))
    assert "runs/one" in given and "runs/one-80" in given


def test_threads_get_a_folder_each_while_others_take_empty_ones_away(here):
    together = threading.Barrier(8)

    def ask(number):
        together.wait()
        given = []
        for i in range(30):
            with fresh_folder(Path("a/b/c.d")) as path:
                if (number + i) % 2:
                    (path / "mine").touch(exist_ok=False)
                    given.append(path.name)
        return given

    with ThreadPoolExecutor(8) as pool:
        given = [name for names in pool.map(ask, range(8)) for name in names]
    assert len(set(given)) == len(given) == 120 and set(given) == {path.name for path in (here / "a/b").iterdir()}


def test_of_a_run_that_did_not_begin_nothing_is_left(here):
    with pytest.raises(GansmithError), fresh_folder(Path("runs/one")), fresh_folder(Path("runs/one")) as second:
        assert second == Path("runs/one-2") and second.is_dir()
        with locked(second):
            raise GansmithError("the data cannot be used")
    assert not list(here.iterdir())


def test_a_lock_is_never_one_that_its_last_owner_has_just_removed(here, monkeypatch):
    """Who opened the file, and got it only after its owner had removed it, held a lock that nobody else saw."""
    take, seen = lock._lock, []

    def late(file, folder):
        if not seen:
            seen.append(folder)
            (folder / ".lock").unlink()  # its owner is done between our opening and our locking
        take(file, folder)

    monkeypatch.setattr(lock, "_lock", late)
    with locked(here / "run"):
        assert (here / "run" / ".lock").exists()
        with pytest.raises(GansmithError, match=f"in use by process {os.getpid()}"), locked(here / "run"):
            pass
    assert not list(here.iterdir())


def test_locks_keep_threads_apart(here):
    inside, most, refused = 0, 0, 0

    def work(_):
        nonlocal inside, most, refused
        for _ in range(100):
            try:
                with locked(here / "run"):
                    inside += 1
                    most = max(most, inside)
                    time.sleep(0)
                    inside -= 1
            except GansmithError:
                refused += 1

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert most == 1 and refused < 600


def test_a_file_system_without_locks_is_said_and_used(here, monkeypatch):
    def flock(file, how):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(lock.fcntl, "flock", flock)
    with pytest.warns(UserWarning, match="its file system has no locks"), locked(here / "run"):
        assert (here / "run").is_dir()
    assert not list(here.iterdir())


def test_a_folder_that_goes_while_it_is_made_is_made_again(here, monkeypatch):
    mkdir, calls = Path.mkdir, []

    def going(self, *arguments, **more):
        calls.append(self)
        if len(calls) == 1:  # it was there when the system was asked to make it, and is gone when Python looks
            raise FileExistsError(17, "File exists", str(self))
        mkdir(self, *arguments, **more)

    monkeypatch.setattr(Path, "mkdir", going)
    with locked(here / "run"):
        assert (here / "run" / ".lock").is_file()
    assert calls == [here / "run"] * 2
    (here / "file").write_text("")
    with pytest.raises(FileExistsError), locked(here / "file"):
        pass
