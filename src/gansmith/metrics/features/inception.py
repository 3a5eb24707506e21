"""Inception features, the ones of published figures, through torch-fidelity."""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch
from torch import Tensor

from gansmith.data.images import to_bytes
from gansmith.errors import GansmithError
from gansmith.metrics.features.extractor import Features, Seen


def inception_features(device: torch.device | str = "cpu") -> Features:
    """Return 2,048 pooled features and 1,008 class probabilities of the Inception-v3 of Szegedy et al. 2016.

    Images go in as bytes, gray repeated to three channels, resized to 299 pixels bilinearly as TensorFlow 1 does it,
    inside the network: this is what published FIDs were computed with. The weights are downloaded at first use.
    """
    try:
        from torch_fidelity import feature_extractor_inceptionv3 as fidelity
    except Exception as error:  # torchvision, which it imports, raises many kinds where it does not fit torch
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise GansmithError(
            f"--features inception needs torch-fidelity ({reason}), with a torchvision that fits torch: "
            "pip install 'gansmith[metrics]', or use --features classifier or random"
        ) from error
    try:
        weights = torch.hub.load_state_dict_from_url(
            fidelity.URL_INCEPTION_V3, map_location="cpu", check_hash=True, weights_only=True
        )
    except (OSError, RuntimeError) as error:
        file = Path(torch.hub.get_dir()) / "checkpoints" / Path(fidelity.URL_INCEPTION_V3).name
        raise GansmithError(
            f"--features inception: the weights cannot be had ({error}): download {fidelity.URL_INCEPTION_V3} to {file}"
        ) from error
    with tempfile.TemporaryDirectory() as folder:  # its reader unpickles anything; this file holds what we just checked
        checked = Path(folder) / "inception.pt"
        torch.save(weights, checked)
        wanted = ["2048", "logits_unbiased"]
        network = fidelity.FeatureExtractorInceptionV3("inception", wanted, feature_extractor_weights_path=str(checked))

    def look(x: Tensor) -> Seen:
        pixels = to_bytes(x)
        features, logits = network(pixels.expand(-1, 3, -1, -1) if pixels.shape[1] == 1 else pixels)
        return Seen(features, logits.softmax(dim=1))

    network.to(torch.device(device))
    about: dict[str, str | int | float] = {
        "network": "Inception-v3 of torch-fidelity (TensorFlow weights of 2015-12-05)",
        "resize": "bilinear to 299x299 as in TensorFlow 1",
    }
    return Features("inception", look, torch.device(device), about)
