"""Families of convolutional networks, as settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from gansmith.errors import GansmithError
from gansmith.networks.fully_connected import Activation, Norm, Shape, When
from gansmith.networks.sides import halvings, quarter
from gansmith.settings import Count, Fraction, Weight

if TYPE_CHECKING:
    from torch import nn

DiscriminatorNorm = Literal["batch", "layer", "none"]


def next_power(side: int) -> int:
    return min(128, max(16, 1 << (side - 1).bit_length()))  # 8 on request alone: one doubling is too shallow


@dataclass(frozen=True)
class DCGAN:
    """All convolutions. Radford, Metz, Chintala 2016, arXiv 1511.06434."""

    width: Count = 32
    """Channels of the convolutional layer next to the image; doubled at each halving of the side."""
    generator_norm: Norm = "batch"
    """Normalisation in the generator."""
    discriminator_norm: DiscriminatorNorm = "batch"
    """Normalisation in a convolutional discriminator; a gradient penalty wants none or layer."""
    generator_noise: Weight = 0.0
    """Standard deviation of noise added to every hidden layer of the generator."""
    generator_dropout: Fraction = 0.0
    """Probability that a hidden unit of the generator is dropped."""
    disturb: When = "training"
    """When the generator's noise and dropout act: while it trains, or whenever it makes samples."""
    constant_width: bool = False
    """All layers of the generator have `width` channels, instead of twice as many at each halving of the side."""
    generator_activation: Activation = "relu"
    """Activation of the generator, an mlp or dcgan."""
    discriminator_activation: Activation = "leaky_relu"
    """Activation of the discriminator, an mlp or dcgan."""
    images_only: ClassVar[bool] = True

    def generator(self, inputs: int, shape: Shape) -> nn.Module:
        from gansmith.networks.dcgan import DCGANGenerator
        from gansmith.networks.layers import disturbances

        more = disturbances(self.generator_noise, self.generator_dropout, self.disturb == "always")
        act = self.generator_activation
        return DCGANGenerator(inputs, shape, self.width, self.generator_norm, more, self.constant_width, act)

    def discriminator(self, shape: Shape, minibatch: str = "none") -> nn.Module:
        from gansmith.networks.dcgan import DCGANDiscriminator

        act = self.discriminator_activation
        return DCGANDiscriminator(shape, self.width, self.discriminator_norm, minibatch, act)

    def encoder(self, shape: Shape, outputs: int) -> nn.Module:
        from gansmith.networks.dcgan import encoder

        return encoder(shape, self.width, self.discriminator_norm, outputs, self.discriminator_activation)

    def autoencoder(self, shape: Shape, code: int) -> nn.Module:
        from gansmith.networks.autoencoder import EnergyDiscriminator

        return EnergyDiscriminator(self.encoder(shape, code), self.generator(code, shape), code)

    def fit(self, side: int) -> int:
        return next_power(side)

    def check_side(self, side: int) -> None:
        halvings(side, "dcgan")


@dataclass(frozen=True)
class ResNet:
    """Residual networks in the style of SNGAN. Miyato et al. 2018, arXiv 1802.05957."""

    width: Count = 32
    """Channels of the convolutional layer next to the image; doubled at each halving of the side."""
    generator_norm: Norm = "batch"
    """Normalisation in the generator."""
    discriminator_norm: DiscriminatorNorm = "batch"
    """Normalisation in a convolutional discriminator; a gradient penalty wants none or layer."""
    images_only: ClassVar[bool] = True

    def generator(self, inputs: int, shape: Shape) -> nn.Module:
        from gansmith.networks.resnet import ResNetGenerator

        return ResNetGenerator(inputs, shape, self.width, self.generator_norm)

    def discriminator(self, shape: Shape, minibatch: str = "none") -> nn.Module:
        from gansmith.networks.resnet import ResNetDiscriminator

        return ResNetDiscriminator(shape, self.width, self.discriminator_norm, minibatch)

    def fit(self, side: int) -> int:
        return next_power(side)

    def check_side(self, side: int) -> None:
        halvings(side, "resnet")


@dataclass(frozen=True)
class Style:
    """DCGAN's layers driven by styles of a mapping network. Karras, Laine, Aila 2019, arXiv 1812.04948."""

    width: Count = 32
    """Channels of the convolutional layer next to the image; doubled at each halving of the side."""
    style: Count = 128
    """Dimensions of w, the mapping network's output."""
    mapping_layers: Count = 3
    """Layers of the mapping network."""
    noise_inputs: bool = False
    """Add noise to the maps of every layer, drawn anew while training, the same for all samples afterwards."""
    style_mixing: Fraction = 0.0
    """Probability that a sample in training has the style of another from some layer on."""
    discriminator_norm: DiscriminatorNorm = "none"
    """Normalisation in a convolutional discriminator; a gradient penalty wants none or layer."""
    images_only: ClassVar[bool] = True

    def generator(self, inputs: int, shape: Shape) -> nn.Module:
        from gansmith.networks.style import StyleGenerator

        parts = (self.width, self.style, self.mapping_layers, self.noise_inputs, self.style_mixing)
        return StyleGenerator(inputs, shape, *parts)

    def discriminator(self, shape: Shape, minibatch: str = "none") -> nn.Module:
        from gansmith.networks.dcgan import DCGANDiscriminator

        return DCGANDiscriminator(shape, self.width, self.discriminator_norm, minibatch)

    def fit(self, side: int) -> int:
        return next_power(side)

    def check_side(self, side: int) -> None:
        halvings(side, "style")


@dataclass(frozen=True)
class InfoGAN:
    """Two convolutions and a wide fully connected layer next to noise and score. Chen et al. 2016, arXiv 1606.03657."""

    width: Count = 32
    """Channels of the convolutional layer next to the image; doubled at each halving of the side."""
    hidden: Count = 128
    """Units of each hidden layer, and of the fully connected layers of infogan."""
    generator_norm: Norm = "batch"
    """Normalisation in the generator."""
    discriminator_norm: DiscriminatorNorm = "batch"
    """Normalisation in a convolutional discriminator; a gradient penalty wants none or layer."""
    images_only: ClassVar[bool] = True

    def generator(self, inputs: int, shape: Shape) -> nn.Module:
        from gansmith.networks.infogan import InfoGANGenerator

        return InfoGANGenerator(inputs, shape, self.width, self.hidden, self.generator_norm)

    def discriminator(self, shape: Shape, minibatch: str = "none") -> nn.Module:
        from gansmith.networks.infogan import InfoGANDiscriminator

        return InfoGANDiscriminator(shape, self.width, self.hidden, self.discriminator_norm, minibatch)

    def fit(self, side: int) -> int:
        return max(16, -(-side // 4) * 4)

    def check_side(self, side: int) -> None:
        quarter(side)


@dataclass(frozen=True)
class ImageToImage:
    """Pictures to pictures: convolutions, residual blocks, convolutions. Johnson et al. 2016, arXiv 1603.08155.

    The generator answers what it is shown, see `--seen`; the discriminator is DCGAN's.
    """

    width: Count = 32
    """Channels of the convolutional layer next to the image; doubled at each halving of the side."""
    blocks: Count = 4
    """Residual blocks at a quarter of the side."""
    generator_norm: Norm = "batch"
    """Normalisation in the generator."""
    discriminator_norm: DiscriminatorNorm = "batch"
    """Normalisation in a convolutional discriminator; a gradient penalty wants none or layer."""
    images_only: ClassVar[bool] = True

    def generator(self, inputs: int, shape: Shape) -> nn.Module:
        raise GansmithError("image-to-image answers pictures: use --seen masked or small, or --network dcgan")

    def answerer(self, inputs: int, view: Shape, shape: Shape) -> nn.Module:
        from gansmith.networks.image_to_image import ImageToImageGenerator

        return ImageToImageGenerator(inputs, view, shape, self.width, self.blocks, self.generator_norm)

    def discriminator(self, shape: Shape, minibatch: str = "none") -> nn.Module:
        from gansmith.networks.dcgan import DCGANDiscriminator

        return DCGANDiscriminator(shape, self.width, self.discriminator_norm, minibatch)

    def fit(self, side: int) -> int:
        return next_power(side)

    def check_side(self, side: int) -> None:
        halvings(side, "image-to-image")
