"""Freed memory stays with the command's process, and with no other."""

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource, sys
{first}
import torch
torch.set_num_threads(1)
def step():
    return torch.ones(10 << 20) * 2 * 3  # blocks of 40 MiB, which glibc always maps by themselves
for _ in range(20):
    step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
KEEP = "from gansmith.memory import keep_freed_memory; print(keep_freed_memory(), file=sys.stderr)"


def faults(first, **environment):
    command = [sys.executable, "-c", FAULTS.format(first=first)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return int(done.stdout), done.stderr.strip()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library than glibc")
def test_pages_are_taken_once_and_only_on_request():
    """What a step maps anew it faults on, page by page, unless it is kept."""
    usual, _ = faults("import gansmith")
    kept, told = faults(KEEP)
    refused, told_otherwise = faults(KEEP, GANSMITH_KEEP_MEMORY="0")
    assert (told, told_otherwise) == ("True", "False")
    assert usual > 1000 and kept < usual / 20
    assert refused == pytest.approx(usual, rel=0.2)
