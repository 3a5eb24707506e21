"""Which device a run takes by which name, and what a Mac's GPU, which has no double precision, leaves to the CPU.

There is no Mac here: what stands in for its GPU is the CPU, under another name and without double precision.
"""

import time

import pytest
import torch

import gansmith
from gansmith.errors import GansmithError
from gansmith.metrics import frechet, kernel, neighbours, wasserstein
from gansmith.metrics.modes import ModeCoverage
from gansmith.metrics.score import ClassifierScore
from gansmith.numerics import in_double
from gansmith.recipes.parts import Compute
from gansmith.theory import optimal
from gansmith.training import assemble, device
from gansmith.training.device import find_device, has_bf16, peak, prepared, settle
from gansmith.training.suits import check_device

SMALL = {"batch": 8, "hidden": 8, "latent": 4, "data": "ring", "evaluate_every": 2, "evaluate_samples": 50, "steps": 4}
SMALL |= {"schedule": "constant"}


class OnMac(torch.Tensor):
    """Numbers that are said to be on a Mac's GPU: they refuse to be doubled before they are on the CPU."""

    @property
    def device(self):
        return torch.device("mps")

    def double(self):
        raise TypeError("Cannot convert a MPS Tensor to float64 dtype as the MPS framework doesn't support float64.")

    def cpu(self):
        return self.as_subclass(torch.Tensor)


def on_mac(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).as_subclass(OnMac)


@pytest.fixture
def mac(monkeypatch):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.mps, "manual_seed", lambda seed: None)
    monkeypatch.setattr(torch.mps, "get_rng_state", lambda: torch.zeros(16, dtype=torch.uint8))
    monkeypatch.setattr(torch.mps, "set_rng_state", lambda state: None)


def test_a_macs_gpu_is_taken_where_it_is_named(mac):
    assert find_device("mps") == torch.device("mps") and find_device("mps:0").type == "mps"
    assert find_device("auto") == find_device("cpu") == torch.device("cpu")


@pytest.mark.parametrize("cuda", [True, False])
def test_auto_is_cuda_or_the_cpu(mac, monkeypatch, cuda):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.cuda, "init", lambda: None)
    assert find_device("auto").type == ("cuda" if cuda else "cpu")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("mps", "--device mps: there is no GPU of a Mac here; use --device cpu"),
        ("cuda", "--device cuda: there is no CUDA device here; use --device cpu"),
        ("xpu", "--device xpu: use auto, cpu, cuda, cuda:N or mps"),
        ("gpu", "--device gpu: use auto, cpu, cuda, cuda:N or mps"),
        ("meta", "--device meta: use auto, cpu, cuda, cuda:N or mps"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(monkeypatch, name, line):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(GansmithError) as caught:
        find_device(name)
    assert str(caught.value) == line


def test_a_run_on_a_mac_from_start_to_end(mac, monkeypatch, tmp_path):
    """With the CPU in the device's place it is the run of the CPU, bit for bit, its metrics and its resume too."""
    whole = gansmith.train("nsgan", tmp_path / "cpu", quiet=True, **SMALL, device="cpu")
    named = []

    def stand_in(name):
        named.append(name)
        return find_device("cpu")

    monkeypatch.setattr(assemble, "find_device", stand_in)
    gansmith.train("nsgan", tmp_path / "mac", quiet=True, **SMALL | {"steps": 2}, device="mps")
    gan = gansmith.resume(tmp_path / "mac", steps=4, quiet=True)
    assert named == ["mps", "mps"] and torch.equal(gan.sample(5), whole.sample(5))


def test_double_precision_is_the_cpus():
    x = on_mac(6, 2)
    with pytest.raises(TypeError, match="float64"):
        x.double()
    doubled = in_double(x)
    assert doubled.dtype == torch.float64 and type(doubled) is torch.Tensor
    assert torch.equal(doubled, x.cpu().double())
    plain = torch.ones(2)
    assert in_double(plain).dtype == torch.float64 and in_double(plain.double()) is not plain


METRICS = {
    "fid": frechet.fid,
    "kid": kernel.kid,
    "support": lambda x, y: neighbours.support(x, y, 3),
    "copies": lambda x, y: neighbours.find_copies(x, y).closeness.tolist(),
    "diversity": lambda x, y: neighbours.pairwise_diversity(x),
    "sliced wasserstein": wasserstein.sliced_wasserstein,
    "score": lambda x, y: ClassifierScore().update(x.softmax(1)).compute(),
    "modes": lambda x, y: ModeCoverage(y[:4], 0.1).update(x).compute(),
}


@pytest.mark.parametrize("name", METRICS)
def test_metrics_of_samples_on_a_mac_are_those_on_the_cpu(name):
    x, y = on_mac(40, 3), on_mac(40, 3, seed=1)
    assert METRICS[name](x, y) == METRICS[name](x.cpu(), y.cpu())


def test_theory_of_scores_on_a_mac_is_that_on_the_cpu():
    real, fake = on_mac(20), on_mac(20, seed=1)
    assert optimal.value(real, fake) == optimal.value(real.cpu(), fake.cpu())


def test_compiled_steps_are_refused_where_their_counts_have_no_place():
    recipe = gansmith.recipe("nsgan", compile=True)
    with pytest.raises(GansmithError, match="compile = True counts in double precision, which mps has not"):
        check_device(recipe, torch.device("mps"))
    check_device(gansmith.recipe("nsgan"), torch.device("mps"))
    with pytest.raises(GansmithError, match="precision = tf32 is a CUDA device's, and this run is on mps"):
        check_device(gansmith.recipe("nsgan", precision="tf32"), torch.device("mps"))


@pytest.mark.parametrize("new", [True, False])
def test_half_precision_depends_on_the_system(monkeypatch, new):
    monkeypatch.setattr(torch.backends.mps, "is_macos_or_newer", lambda major, minor: new)
    assert has_bf16(torch.device("mps")) is new


@pytest.mark.parametrize(("version", "has"), [((7, 5), False), ((8, 0), True), ((9, 0), True)])
def test_half_precision_of_cuda_begins_with_ampere(monkeypatch, version, has):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: version)
    assert has_bf16(torch.device("cuda")) is has


@pytest.mark.parametrize("has", [True, False])
def test_half_precision_of_a_processor_is_what_it_tells(monkeypatch, has):
    told = {"avx2": not has, "avx512_bf16": has, "amx_bf16": False}
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: told, raising=False)
    assert has_bf16(torch.device("cpu")) is has


@pytest.mark.parametrize(("precision", "products"), [("fp32", "highest"), ("tf32", "high"), ("bf16", "highest")])
def test_products_have_the_precision_that_is_asked_for(precision, products):
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        with prepared(Compute(precision=precision)):
            assert torch.get_float32_matmul_precision() == products
            assert torch.backends.cudnn.allow_tf32 == (precision == "tf32")
        assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision(before)


def test_the_quickest_of_several_times_is_taken():
    naps = iter([0.0, 0.03, 0.03, 0.01, 0.03, 0.03])
    assert 0.01 <= device._quickest(lambda: time.sleep(next(naps)), torch.device("cpu"), 0.0) < 0.03


def test_waiting_is_the_devices_own(monkeypatch):
    waited = []
    monkeypatch.setattr(torch.mps, "synchronize", lambda: waited.append("mps"))
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: waited.append("cuda"))
    for name in ("cpu", "mps", "cuda"):
        settle(torch.device(name))
    assert waited == ["mps", "cuda"]


def test_a_peak_waits_for_its_device(monkeypatch):
    waited = []
    monkeypatch.setattr(device, "settle", waited.append)
    assert peak(torch.device("cpu"), seconds=0.01) > 0 and len(waited) >= 20
