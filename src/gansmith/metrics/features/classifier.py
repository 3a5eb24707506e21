"""Features learnt from the labels: a small classifier, trained once for a data set and kept for later."""

from __future__ import annotations

import logging

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from gansmith.data.dataset import Dataset, first
from gansmith.data.images import to_bytes, to_range
from gansmith.data.stacked import Stacked
from gansmith.data.subset import labelled
from gansmith.errors import GansmithError
from gansmith.files import cache_folder
from gansmith.metrics.features.extractor import Features, Seen
from gansmith.metrics.features.kept import digest, recall, remember
from gansmith.networks.layers import channels_last

log = logging.getLogger(__name__)

VERSION = 1  # of the classifier and its training; raised when either changes, so that old ones are not taken for new
MEMORY = 2**28  # bytes of images to learn from
SEEN, BATCH, RATE = 200_000, 128, 4e-3  # images shown in all, in a minibatch, and the largest learning rate


class Classifier(nn.Module):
    """Images (N, C, S, S) → 64 features, and class probabilities (N, K).

    Features are rectified, and scaled to a mean square of 1 over the data they were learnt from, so that distances
    mean much the same from one data set to the next.
    """

    def __init__(self, shape: tuple[int, ...], classes: int, features: int = 64) -> None:
        super().__init__()
        channels, height, width = shape
        body: list[nn.Module] = []
        before, after = channels, 16
        while max(height, width) > 4:
            body += [nn.Conv2d(before, after, 3, 2, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
            before, after = after, min(2 * after, 128)
            height, width = (height + 1) // 2, (width + 1) // 2
        self.body = nn.Sequential(*body, nn.Flatten(), nn.Linear(before * height * width, features), nn.ReLU())
        self.head = nn.Linear(features, classes)
        self.scale: Tensor
        self.register_buffer("scale", torch.ones(()))
        channels_last(self.body)

    def forward(self, x: Tensor) -> Seen:
        features = self.body(x)
        return Seen(features * self.scale, self.head(features).softmax(dim=1))


class ByChannel(nn.Module):
    """A gray classifier for stacked digits: it sees each channel by itself, and classes are joint ones."""

    def __init__(self, classifier: nn.Module) -> None:
        super().__init__()
        self.classifier = classifier

    def forward(self, x: Tensor) -> Seen:
        n, channels = x.shape[:2]
        features, p = self.classifier(x.flatten(0, 1).unsqueeze(1))
        p = p.unflatten(0, (n, channels))
        joint = p[:, 0]
        for i in range(1, channels):
            joint = (joint[:, :, None] * p[:, i, None, :]).flatten(1)
        return Seen(features.reshape(n, -1), joint)


def classifier_features(dataset: Dataset, device: torch.device | str = "cpu") -> Features:
    """Return the features of a classifier for this data set: from the cache, or trained now.

    The cache knows it by the hash of the images and labels it learnt from, so the same data give the same features.
    """
    if len(dataset.label_names) < 2:
        raise GansmithError("--features classifier needs labelled data: use --features random")
    source = dataset.base if isinstance(dataset, Stacked) else dataset
    images, labels = _lesson(labelled(source))
    classes = len(source.label_names)
    known = digest(f"{VERSION}/{classes}/{tuple(images.shape)}", images, labels)
    torch.default_generator.manual_seed(0)
    network = Classifier(tuple(images.shape[1:]), classes)
    path = cache_folder() / f"classifier-{known}.safetensors"
    about = recall(network, path)
    if about is None:
        log.info("learning features from %s labelled images, once for these data …", f"{len(images):,}")
        about = {**_train(network, images, labels), "hash": known}
        about["weights"] = digest("", *network.state_dict().values())  # another machine learns others, a little off
        remember(network, path, about, "classifier")
    whole = ByChannel(network) if isinstance(dataset, Stacked) else network
    return Features("classifier", whole.requires_grad_(False).eval(), torch.device(device), about)


def _lesson(dataset: Dataset) -> tuple[Tensor, Tensor]:
    """Return images as bytes and their labels: all, or as many as fit into `MEMORY`."""
    most = max(1, MEMORY // int(torch.tensor(dataset.shape).prod()))
    batches = list(first(dataset, most))
    labels = [batch.labels for batch in batches if batch.labels is not None]
    return torch.cat([to_bytes(batch.x) for batch in batches]), torch.cat(labels)


def _train(network: Classifier, images: Tensor, labels: Tensor) -> dict[str, str | int | float]:
    """Train on nine tenths, or all but 5,000, and return how many of the others are told right."""
    held = min(5000, max(1, len(images) // 10))
    x, y = images[held:], labels[held:]
    epochs = min(20, max(1, round(SEEN / len(x))))
    network.train()
    batches = [part for _ in range(epochs) for part in torch.split(torch.randperm(len(x)), BATCH) if len(part) > 1]
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=len(batches) + 1)
    with torch.enable_grad():
        for index in batches:
            optimizer.zero_grad()
            torch.autograd.backward(cross_entropy(network.head(network.body(to_range(x[index]))), y[index]))
            optimizer.step()
            schedule.step()
    network.eval()
    with torch.no_grad():
        told = [network(to_range(part)) for part in torch.split(images[:held], 500)]
    network.scale /= torch.cat([seen.features for seen in told]).square().mean().sqrt()
    right = torch.cat([seen.probabilities for seen in told]).argmax(dim=1) == labels[:held]
    accuracy = float(right.double().mean())
    return {"classes": network.head.out_features, "accuracy": accuracy, "held out": held, "learnt from": len(x)}
