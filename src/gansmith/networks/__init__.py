"""Networks: families by their settings, and the modules that they build. Naming a family imports no torch."""

from typing import TYPE_CHECKING

from gansmith.lazy import doors
from gansmith.networks.families import (
    DCGAN,
    FAMILIES,
    MLP,
    Bottleneck,
    Fourier,
    ImageToImage,
    InfoGAN,
    MLPAndDCGAN,
    ResNet,
    Style,
)
from gansmith.networks.options import CONDITIONINGS, OPTIONS, Conditioning, DiscriminatorOptions

if TYPE_CHECKING:
    from gansmith.networks.build import build_discriminator, build_generator
    from gansmith.networks.output import DiscriminatorOutput

__all__ = [
    "CONDITIONINGS",
    "DCGAN",
    "FAMILIES",
    "MLP",
    "OPTIONS",
    "Bottleneck",
    "Conditioning",
    "DiscriminatorOptions",
    "DiscriminatorOutput",
    "Fourier",
    "ImageToImage",
    "InfoGAN",
    "MLPAndDCGAN",
    "ResNet",
    "Style",
    "build_discriminator",
    "build_generator",
]

__getattr__ = doors(
    __name__, {"DiscriminatorOutput": "output", "build_discriminator": "build", "build_generator": "build"}
)
