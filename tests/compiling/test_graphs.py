"""What is recorded is what was done, and a CUDA graph is fed, launched and read as CUDA asks for."""

import contextlib
import shutil

import pytest
import torch

import gansmith
from gansmith.compiling.graphs import Launched, record

needs_compiler = pytest.mark.skipif(not shutil.which("g++"), reason="torch's compiler needs a C++ compiler")


@needs_compiler
def test_products_that_are_scaled_and_added_keep_their_scale():
    def move(weight, a, b):
        weight.add_(a.t() @ b, alpha=-0.5)
        return [weight.sum()]

    weight, a, b = torch.randn(3, 4), torch.randn(5, 3), torch.randn(5, 4)
    moved = weight - 0.5 * (a.t() @ b)
    compiled = record(move, [torch.zeros(3, 4), a, b], early=[])
    (total,) = compiled(weight, a, b)
    torch.testing.assert_close(weight, moved)
    torch.testing.assert_close(total, moved.sum())


@needs_compiler
def test_what_follows_from_time_alone_is_a_graph_of_its_own():
    def move(weight, count):
        weight.mul_(1 - 0.9 ** (count + 1))
        return [weight.sum()]

    compiled = record(move, [torch.ones(3), torch.tensor(1.0, dtype=torch.float64)], early=[1])
    first, second = (part for _, part in compiled.named_children())
    assert "pow" in first._graph.code and "pow" not in second._graph.code
    weight = torch.ones(3)
    for count in (1.0, 2.0):
        compiled(weight, torch.tensor(count, dtype=torch.float64))
    torch.testing.assert_close(weight, torch.full((3,), (1 - 0.9**2) * (1 - 0.9**3)))


class Tape:
    """A stand-in for a CUDA graph: what is launched is done again, with the tensors it was captured with."""

    def __init__(self):
        self.again = None

    def replay(self):
        self.again()


def test_a_launch_plays_on_the_tensors_it_was_captured_with(monkeypatch):
    tapes = []

    def add(total, x):
        total.add_(x)
        outputs = [total.sum(), x.max()]
        if tapes and tapes[-1].again is None:
            tapes[-1].again = lambda: [o.copy_(n) for o, n in zip(outputs, add(total, x), strict=True)]
        return outputs

    class Stream:
        def wait_stream(self, other):
            pass

    monkeypatch.setattr(torch.cuda, "Stream", Stream)
    monkeypatch.setattr(torch.cuda, "current_stream", Stream)
    monkeypatch.setattr(torch.cuda, "stream", lambda stream: contextlib.nullcontext())
    monkeypatch.setattr(torch.cuda, "CUDAGraph", lambda: tapes.append(Tape()) or tapes[-1])
    monkeypatch.setattr(torch.cuda, "graph", lambda graph, **options: contextlib.nullcontext())
    monkeypatch.setattr(torch.cuda, "device", lambda device: contextlib.nullcontext())
    total = torch.zeros(2)
    launched = Launched(add, [total], [torch.ones(2)])
    assert total.tolist() == [0, 0]  # capturing is not playing
    first = launched([torch.tensor([1.0, 2.0])])
    second = launched([torch.tensor([3.0, 5.0])])
    assert total.tolist() == [4, 7]
    assert [float(x) for x in first] == [3, 2] and [float(x) for x in second] == [11, 5]  # nobody wrote over them


@needs_compiler
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_step_launched_on_a_gpu_is_the_step(tmp_path):
    weights = []
    for compiled in (False, True):
        options = {"data": "ring", "steps": 5, "device": "cuda", "compile": compiled}
        run = gansmith.train(gansmith.recipe("nsgan", **options), tmp_path / str(compiled), quiet=True)
        weights.append([p.detach().cpu() for p in run.generator.parameters()])
    for plain, launched in zip(*weights, strict=True):
        torch.testing.assert_close(launched, plain, rtol=1e-2, atol=1e-4)
