"""Families of networks: settings that build generator and discriminator alike.

A family has `generator(inputs, shape)` and `discriminator(shape, minibatch)`; it may have `encoder(shape, outputs)`,
`autoencoder(shape, code)`, `answerer(inputs, view, shape)`, a network that maps noise and pictures to pictures,
`fit(side)`, the side at which it trains on images of some side, and `check_side(side)`.
The modules stand in files beside these and are imported when they are built.
"""

from gansmith.networks.convolutional import DCGAN, ImageToImage, InfoGAN, ResNet, Style
from gansmith.networks.fully_connected import MLP, Fourier
from gansmith.networks.pairs import Bottleneck, MLPAndDCGAN
from gansmith.settings import Kind

__all__ = [
    "DCGAN",
    "FAMILIES",
    "MLP",
    "Bottleneck",
    "Fourier",
    "ImageToImage",
    "InfoGAN",
    "MLPAndDCGAN",
    "ResNet",
    "Style",
]

FAMILIES = Kind(
    "network",
    "generator",
    {
        "mlp": MLP,
        "fourier": Fourier,
        "dcgan": DCGAN,
        "resnet": ResNet,
        "style": Style,
        "infogan": InfoGAN,
        "image-to-image": ImageToImage,
        "mlp-and-dcgan": MLPAndDCGAN,
        "bottleneck": Bottleneck,
    },
)
