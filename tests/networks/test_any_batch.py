"""Networks are tied to no batch size, dtype or device: traced, exported and cast by the usual torch means."""

import io
import warnings

import pytest
import torch
from torch import Tensor

from gansmith.conditions import Condition
from gansmith.networks import FAMILIES, build_discriminator, build_generator
from gansmith.networks.minibatch import MinibatchDistances
from gansmith.networks.options import Conditioning, DiscriminatorOptions

SHAPE, LABELS = (1, 16, 16), Condition(labels=3)
NAMES = ["mlp", "dcgan", "resnet", "infogan"]


def family(name):
    if name == "mlp maxout":
        return FAMILIES.ours["mlp"](hidden=8, discriminator_activation="maxout")
    return FAMILIES.ours[name](**{"hidden": 8} if name == "mlp" else {"width": 2})


def generator(name):
    return build_generator(family(name), 5, SHAPE), [(5,)]


def asked(name):
    how = Conditioning("labels", "projection", conditional_norm=True, embedding=4)
    return build_generator(family(name), 5, SHAPE, LABELS, how), [(5,), (3,)]


def discriminator(name, **options):
    return build_discriminator(family(name), SHAPE, options=DiscriminatorOptions(**options)), [SHAPE]


def told(name, how):
    return build_discriminator(family(name), SHAPE, LABELS, Conditioning("labels", how, embedding=4)), [SHAPE, (3,)]


NETWORKS = {
    **{f"{name} generator": (generator, name) for name in NAMES},
    **{f"{name} generator of labels": (asked, name) for name in NAMES},
    **{f"{name} discriminator": (discriminator, name) for name in NAMES},
    **{f"{name} {how}": (told, name, how) for name in ("mlp", "dcgan") for how in ("concat", "projection")},
    **{f"dcgan {kind}": (discriminator, "dcgan", "minibatch", kind) for kind in ("stddev", "kernels", "distances")},
    "mlp maxout": (discriminator, "mlp maxout"),
    "infogan spectral norm": (discriminator, "infogan", "spectral_norm", True),
    "dcgan autoencoder": (discriminator, "dcgan", "autoencoder", True),
}


def build(name):
    make, *given = NETWORKS[name]
    torch.manual_seed(0)
    if make is discriminator and len(given) == 3:
        network, shapes = discriminator(given[0], **{given[1]: given[2]})
    else:
        network, shapes = make(*given)
    return network.eval(), shapes


def inputs(shapes, count, dtype=torch.float32):
    rng = torch.Generator().manual_seed(count)
    return tuple(torch.randn(count, *shape, generator=rng).to(dtype) for shape in shapes)


def numbers(output):
    parts = [output] if isinstance(output, Tensor) else [part for part in output if part is not None]
    return torch.cat([part.reshape(len(part), -1) for part in parts], dim=1)


def check(recorded, network, shapes):
    for count in (1, 2, 7):
        x = inputs(shapes, count)
        torch.testing.assert_close(numbers(recorded(*x)), numbers(network(*x)), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_traced_network_takes_any_batch_even_from_a_file(name):
    network, shapes = build(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = io.BytesIO()
        torch.jit.save(torch.jit.trace(network, inputs(shapes, 4), check_trace=False), file)
        file.seek(0)
        check(torch.jit.load(file), network, shapes)


STRICT = ["dcgan generator of labels", "dcgan discriminator", "infogan discriminator", "resnet generator"]


@pytest.mark.parametrize(
    ("name", "strict"), [*((n, False) for n in NETWORKS if "mlp" not in n), *((n, True) for n in STRICT)]
)
@pytest.mark.filterwarnings("ignore:While compiling")
def test_an_exported_network_takes_any_batch(name, strict):
    network, shapes = build(name)
    batch = tuple({0: torch.export.Dim("batch")} for _ in shapes)
    exported = torch.export.export(network, inputs(shapes, 4), dynamic_shapes=batch, strict=strict)
    check(exported.module(), network, shapes)


def test_packs_are_exported_by_the_pack():
    network, shapes = discriminator("dcgan", pack=2)
    network.eval()
    batch = ({0: 2 * torch.export.Dim("packs")},)
    exported = torch.export.export(network, inputs(shapes, 4), dynamic_shapes=batch).module()
    for count in (4, 10):
        x = inputs(shapes, count)
        torch.testing.assert_close(numbers(exported(*x)), numbers(network(*x)))


@pytest.mark.parametrize("dtype", [torch.half, torch.bfloat16, torch.double])
@pytest.mark.parametrize("name", NETWORKS)
@torch.no_grad()
def test_a_cast_network_is_the_same_to_the_digits_of_its_dtype(name, dtype):
    network, shapes = build(name)
    x = inputs(shapes, 6)
    before = numbers(network(*x)).double()
    after = numbers(network.to(dtype)(*inputs(shapes, 6, dtype)))
    assert after.dtype == dtype
    digits = {torch.half: 0.02, torch.bfloat16: 0.15, torch.double: 1e-4}[dtype]
    assert float((after.double() - before).abs().max()) < digits * max(1, float(before.abs().max()))


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_lies_where_it_is_put(name):
    """A device without numbers: whatever is made elsewhere inside a network would not fit."""
    network, shapes = build(name)
    output = network.to("meta")(*(x.to("meta") for x in inputs(shapes, 3)))
    output = output if isinstance(output, Tensor) else output.logits
    assert output.device.type == "meta" and len(output) == 3


def test_one_sample_alone_has_no_distances_and_finite_slopes():
    x = torch.ones(1, 4, requires_grad=True)
    y = MinibatchDistances()(x)
    assert y[0, 4:].tolist() == [0, 0]
    (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    assert torch.equal(slope, torch.ones(1, 4))
