"""What is done to a recorded step so that it runs fast: compiled, and on a GPU launched as one piece."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, cast

import torch
from torch import Tensor, fx, nn
from torch.fx.experimental.proxy_tensor import make_fx
from torch.fx.passes.split_module import split_module

from gansmith.errors import GansmithError

Function = Callable[..., Sequence[Tensor]]
aten = torch.ops.aten
SUMS = (aten.add.Tensor, aten.add_.Tensor, aten.sub.Tensor, aten.sub_.Tensor)


def record(function: Function, inputs: Sequence[Tensor], early: Collection[int]) -> Function:
    """Write down all that a function does with some tensors, and return it compiled for tensors like them.

    Args:
        function: of as many tensors as there are inputs; it may change them in place.
        inputs: played on while it is written down, so that they change too.
        early: which of the inputs decide numbers that everything else only multiplies with, such as the count of steps
            behind Adam's bias corrections: what follows from them alone is computed first, once, where the compiler
            would write it into every loop.
    """
    graph = make_fx(function)(*inputs)
    for node in reversed(list(graph.graph.nodes)):
        if getattr(node.target, "namespace", "") == "profiler":  # optimisers mark their steps for a profiler
            graph.graph.erase_node(node)
        elif node.target in SUMS and "alpha" in node.kwargs:
            _scale_apart(node)
    first = _following(graph, early)
    parts = split_module(graph, graph, lambda node: 0 if node in first else 1)
    for name, part in parts.named_children():
        setattr(parts, name, _Compiling(cast(fx.GraphModule, part)))
    return parts


def _scale_apart(node: fx.Node) -> None:
    """Write x + αy as x + (αy): the compiler takes x + α(ab) for x + ab when ab is a product of matrices.

    See https://github.com/pytorch/pytorch/issues/167313.
    """
    alpha, (x, y) = node.kwargs["alpha"], node.args
    with node.graph.inserting_before(node):
        node.args = x, node.graph.call_function(aten.mul.Tensor, (y, alpha))
    node.kwargs = {}


def _following(graph: fx.GraphModule, early: Collection[int]) -> set[fx.Node]:
    """Return the operations that read nothing but some of the inputs, and each other."""
    inputs = [node for node in graph.graph.nodes if node.op == "placeholder"]
    known = {inputs[i] for i in early}
    found = set()
    for node in graph.graph.nodes:
        if node.op == "call_function" and node.all_input_nodes and known.issuperset(node.all_input_nodes):
            known.add(node)
            found.add(node)
    return found


class _Compiling(nn.Module):
    """A graph that is compiled when it first meets its inputs."""

    def __init__(self, graph: fx.GraphModule) -> None:
        super().__init__()
        self._graph = graph
        self._compiled: Function | None = None

    def forward(self, *inputs: Tensor) -> Any:
        if self._compiled is None:
            # before 2.13 the compiler for GPUs trips over lists of tensors when it reorders their loops
            trips = any(tensor.is_cuda for tensor in inputs) and torch.__version__ < "2.13"
            options = {"loop_ordering_after_fusion": False} if trips else None
            self._compiled = cast(Function, torch._inductor.compile(self._graph, list(inputs), options))
        return self._compiled(*inputs)


class Launched:
    """A compiled function on a GPU, launched as one CUDA graph, which takes the time of one kernel's launch.

    Args:
        function: what to launch.
        fixed: inputs that lie where they lie, and may be changed by the function.
        varying: examples of the inputs that are others each time; they come after the fixed ones.
    """

    @torch.no_grad()
    def __init__(self, function: Function, fixed: Sequence[Tensor], varying: Sequence[Tensor]) -> None:
        self._device = fixed[0].device
        self._varying = [example.clone() for example in varying]
        inputs = [*fixed, *self._varying]
        if elsewhere := {str(tensor.device) for tensor in inputs} - {str(self._device)}:
            raise GansmithError(f"compile = True: some of the step's numbers are on {elsewhere.pop()}: leave it out")
        before = [tensor.clone() for tensor in fixed]
        with torch.cuda.device(self._device):
            aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
            aside.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(aside):
                function(*inputs)  # compiles, and makes the libraries take what memory they need
            torch.cuda.current_stream().wait_stream(aside)
            self._graph = torch.cuda.CUDAGraph()
            # other threads, such as those that read data, may use the device meanwhile
            with torch.cuda.graph(self._graph, stream=aside, capture_error_mode="thread_local"):
                self._outputs = function(*inputs)
        for tensor, value in zip(fixed, before, strict=True):
            tensor.copy_(value)

    @torch.no_grad()
    def __call__(self, varying: Sequence[Tensor]) -> list[Tensor]:
        """Call the function; its results are copied, since the next call writes over them."""
        for mine, theirs in zip(self._varying, varying, strict=True):
            mine.copy_(theirs)
        with torch.cuda.device(self._device):
            self._graph.replay()
        return [output.clone() for output in self._outputs]
