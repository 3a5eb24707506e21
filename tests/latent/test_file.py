"""A generator's fingerprint is of its weights: their names, types, shapes and bytes."""

import pytest
import torch
from torch import nn

from gansmith.latent.file import fingerprint


class Holds(nn.Module):
    """Buffers by name."""

    def __init__(self, **buffers):
        super().__init__()
        for name, value in buffers.items():
            self.register_buffer(name, value)


ROW = torch.arange(8, dtype=torch.int32)
OTHERS = {
    "another number": Holds(a=ROW + (ROW == 3)),
    "another name": Holds(b=ROW),
    "another shape": Holds(a=ROW.reshape(2, 4)),
    "another shape of it": Holds(a=ROW.reshape(4, 2)),
    "another type": Holds(a=ROW.view(torch.float32)),
    "in two": Holds(a=ROW[:4], b=ROW[4:]),
    "another order": Holds(a=ROW.flip(0)),
    "nothing": Holds(),
    "one more": Holds(a=ROW, b=torch.zeros(0)),
}


@pytest.mark.parametrize("what", OTHERS)
def test_whatever_differs_tells_them_apart(what):
    """Although the bytes are the same ones, for most of them."""
    assert fingerprint(OTHERS[what]) != fingerprint(Holds(a=ROW))
    assert len({fingerprint(one) for one in OTHERS.values()}) == len(OTHERS)


def test_the_same_weights_have_the_same_one_wherever_they_lie():
    assert fingerprint(Holds(a=ROW.clone())) == fingerprint(Holds(a=ROW))
    wide = torch.arange(8, dtype=torch.int32).reshape(2, 4)
    assert fingerprint(Holds(a=wide.T.contiguous().T)) == fingerprint(Holds(a=wide))
