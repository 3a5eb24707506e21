"""Tests run one thread each: several may run side by side, and threads that fight for cores are far slower."""

import os
import signal
import tempfile
from pathlib import Path

import torch

CACHE = tempfile.TemporaryDirectory(prefix="gansmith-tests-")  # classifiers learnt by one test serve all others
os.environ.setdefault("GANSMITH_CACHE", CACHE.name)  # test processes inherit it from the first one
# a process that was killed while it compiled may have left half a file in the usual place
os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", f"{CACHE.name}/inductor")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # for the processes that tests start
torch.set_num_threads(1)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # tests in the background of a shell; theirs ask for interrupts
    signal.signal(signal.SIGINT, signal.default_int_handler)

SLOW = {line.split(maxsplit=1)[1] for line in (Path(__file__).parent / "slow.txt").read_text("utf-8").splitlines()}


def pytest_collection_modifyitems(items):
    """Mark what `make test` leaves to `make test-all`: the list is made by benchmarks/slowest.py."""
    for item in items:
        if item.nodeid in SLOW:
            item.add_marker("slow")
