"""Networks that take conditions, and networks that read them back from features."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from gansmith.conditions import Condition
from gansmith.networks.output import DiscriminatorOutput


class Embedding(nn.Module):
    """A condition (N, size) as `numbers` numbers, a linear map: for a one-hot label, a row of a table.

    With `numbers` 0 the condition stays as it is.
    """

    def __init__(self, size: int, numbers: int) -> None:
        super().__init__()
        self.numbers = numbers or size
        self.table = nn.Linear(size, numbers, bias=False) if numbers else nn.Identity()

    def forward(self, c: Tensor) -> Tensor:
        e: Tensor = self.table(c)
        return e


class ConditionalNorm(nn.Module):
    """Batch norm whose gain and shift depend on the condition: (1 + g(c)) x̂ + s(c).

    The layer stands deep inside a chain that passes one tensor on, so the generator that owns it leaves the embedded
    condition here before each pass.

    Dumoulin et al. 2017, arXiv 1610.07629; in GANs: Miyato, Koyama 2018, arXiv 1802.05637.
    """

    def __init__(self, channels: int, numbers: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.gain = nn.Linear(numbers, channels)
        self.shift = nn.Linear(numbers, channels)
        for layer in (self.gain, self.shift):  # begins as a plain batch norm
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.embedded: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        assert self.embedded is not None
        gain, shift = self.gain(self.embedded), self.shift(self.embedded)
        y: Tensor = self.norm(x) * (1 + gain[:, :, None, None]) + shift[:, :, None, None]
        return y


class ConditionalGenerator(nn.Module):
    """G(z, c): the embedded condition joins the noise.

    Mirza, Osindero 2014, "Conditional generative adversarial nets", arXiv 1411.1784.

    Args:
        generator: maps (N, latent + embedding.numbers) to samples.
        embedding: of the condition.
        conditional_norm: turn every batch norm into a `ConditionalNorm`.
    """

    def __init__(self, generator: nn.Module, embedding: Embedding, conditional_norm: bool) -> None:
        super().__init__()
        self.generator = generator
        self.embedding = embedding
        if conditional_norm:
            _replace_norms(generator, embedding.numbers)

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        e = self.embedding(c)
        norms = [layer for layer in self.generator.modules() if isinstance(layer, ConditionalNorm)]
        for layer in norms:
            layer.embedded = e
        try:
            x: Tensor = self.generator(torch.cat([z, e], dim=1))
        finally:
            for layer in norms:
                layer.embedded = None
        return x


class ConcatDiscriminator(nn.Module):
    """D(x, c): the embedded condition joins the sample, as one more plane of an image, as more numbers of a vector.

    Mirza, Osindero 2014, arXiv 1411.1784.

    Args:
        discriminator: of samples of the shape that `joined_shape` tells.
        shape: of a sample.
        size: of the condition.
        numbers: of the embedding that joins a vector.
    """

    def __init__(self, discriminator: nn.Module, shape: tuple[int, ...], size: int, numbers: int) -> None:
        super().__init__()
        self.discriminator = discriminator
        self.shape = shape
        self.feature_count: int = discriminator.feature_count  # type: ignore[assignment]
        self.embedding = Embedding(size, math.prod(shape[1:]) if len(shape) == 3 else numbers)

    def forward(self, x: Tensor, c: Tensor) -> DiscriminatorOutput:
        e = self.embedding(c)
        if len(self.shape) == 3:
            e = e.reshape(-1, 1, *self.shape[1:])
        output: DiscriminatorOutput = self.discriminator(torch.cat([x, e], dim=1))
        return output


def joined_shape(shape: tuple[int, ...], size: int, numbers: int) -> tuple[int, ...]:
    """Return the shape of a sample together with its embedded condition."""
    return (shape[0] + 1, *shape[1:]) if len(shape) == 3 else (shape[0] + (numbers or size),)


class ProjectionDiscriminator(nn.Module):
    """D(x, c) = D(x) + ⟨V c, f(x)⟩: the condition is projected onto the features.

    Miyato, Koyama 2018, "cGANs with projection discriminator", arXiv 1802.05637.
    """

    def __init__(self, discriminator: nn.Module, size: int) -> None:
        super().__init__()
        self.discriminator = discriminator
        self.feature_count: int = discriminator.feature_count  # type: ignore[assignment]
        self.projection = nn.Linear(size, self.feature_count, bias=False)
        nn.init.normal_(self.projection.weight, 0.0, 0.02)

    def forward(self, x: Tensor, c: Tensor) -> DiscriminatorOutput:
        score, features = self.discriminator(x)
        return DiscriminatorOutput(score + (self.projection(c) * features).sum(dim=1), features)


class ConditionClassifier(nn.Module):
    """Tells labels and attributes apart, from the discriminator's features or with a network of its own.

    The second discriminator of AC-GAN (Odena et al. 2017, arXiv 1610.09585) and of attribute GANs.

    Args:
        features: numbers it reads.
        condition: what there is to tell.
        network: maps samples to a `DiscriminatorOutput` with features; None to read those of the discriminator.
    """

    def __init__(self, features: int, condition: Condition, network: nn.Module | None = None) -> None:
        super().__init__()
        self.network = network
        self.head = nn.Linear(features, condition.given)

    def forward(self, x: Tensor, features: Tensor) -> Tensor:
        if self.network is not None:
            features = self.network(x).features
        logits: Tensor = self.head(features)
        return logits


class Recognition(nn.Module):
    """Q(c|x): reads the codes back from the discriminator's features.

    Logits of every categorical code, then the means of the continuous ones.

    Chen et al. 2016, "InfoGAN", arXiv 1606.03657: a hidden layer of 128 on the shared trunk.
    """

    def __init__(self, features: int, condition: Condition, hidden: int = 128) -> None:
        super().__init__()
        self.categorical = condition.categorical
        self.continuous = condition.continuous
        self.body = nn.Sequential(
            nn.Linear(features, hidden), nn.BatchNorm1d(hidden), nn.LeakyReLU(0.1), nn.Linear(hidden, condition.codes)
        )

    def forward(self, x: Tensor, features: Tensor) -> Tensor:
        read: Tensor = self.body(features)
        return read

    def split(self, read: Tensor) -> tuple[tuple[Tensor, ...], Tensor]:
        """Return the logits of each categorical code, and the means (N, C) of the continuous ones."""
        *logits, mean = torch.split(read, [*self.categorical, self.continuous], dim=1)
        return tuple(logits), mean


class PairScore(nn.Module):
    """The score (N,) of pairs of a sample, by the discriminator's features f(x), and its latents z.

    D(x, z) of Donahue et al. 2017, "Adversarial feature learning", arXiv 1605.09782: z joins behind the convolutions.
    """

    def __init__(self, features: int, latent: int, hidden: int = 256) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *(nn.Linear(features + latent, hidden), nn.LeakyReLU(0.2)),
            *(nn.Linear(hidden, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1)),
        )

    def forward(self, features: Tensor, z: Tensor) -> Tensor:
        score: Tensor = self.body(torch.cat([features, z], dim=1)).squeeze(1)
        return score


def _replace_norms(module: nn.Module, numbers: int) -> None:
    """Put a `ConditionalNorm` in the place of every planar batch norm."""
    for name, child in module.named_children():
        if isinstance(child, nn.BatchNorm2d):
            setattr(module, name, ConditionalNorm(child.num_features, numbers))
        else:
            _replace_norms(child, numbers)
