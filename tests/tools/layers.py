"""Networks that several tests of own networks begin with."""

from torch import nn


class Does(nn.Module):
    """Applies layers, then a function."""

    def __init__(self, then, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)
        self.then = then

    def forward(self, x):
        return self.then(self.layers(x))
