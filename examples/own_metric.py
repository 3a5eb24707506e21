"""A metric of your own, from the features of real samples and of generated ones. In the folder of this file:

gansmith evaluate RUN --metrics own_metric:spread_ratio
"""

from torch import Tensor


def spread_ratio(real: Tensor, fake: Tensor) -> float:
    """Return the fakes' standard deviation over that of the data, the mean over features: 1 for perfect samples.

    Args:
        real, fake: (N, D) and (M, D) features.
    """
    return float((fake.std(dim=0) / real.std(dim=0).clamp_min(1e-6)).mean())
