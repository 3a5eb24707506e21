"""Information of tables: identities, and the bound that InfoGAN raises."""

import math

import pytest
import torch
from scipy.stats import entropy as scipy_entropy

from gansmith.errors import GansmithError
from gansmith.objectives.information import categorical_bound
from gansmith.theory.divergences import kl
from gansmith.theory.information import bound, conditional_entropy, entropy, mutual_information, posterior

RNG = torch.Generator().manual_seed(0)
TABLES = [t / t.sum() for t in (torch.rand(3, 5, generator=RNG, dtype=torch.float64) for _ in range(4))]


@pytest.mark.parametrize("joint", TABLES)
def test_identities(joint):
    assert entropy(joint) == pytest.approx(scipy_entropy(joint.flatten().numpy()))
    apart = joint.sum(1, keepdim=True) * joint.sum(0, keepdim=True)
    assert mutual_information(joint) == pytest.approx(kl(joint, apart))
    assert mutual_information(joint) == pytest.approx(mutual_information(joint.T))
    assert conditional_entropy(joint) == pytest.approx(entropy(joint.sum(1)) - mutual_information(joint))


@pytest.mark.parametrize("joint", TABLES)
def test_the_bound_is_short_of_it_by_a_divergence_and_tight_at_the_posterior(joint):
    exact = mutual_information(joint)
    assert bound(joint, posterior(joint)) == pytest.approx(exact, abs=1e-12)
    q = torch.softmax(torch.randn(3, 5, generator=RNG, dtype=torch.float64), dim=0)
    missing = sum(float(m) * kl(p, own) for m, p, own in zip(joint.sum(0), posterior(joint).T, q.T, strict=True))
    assert bound(joint, q) == pytest.approx(exact - missing) and missing > 0.01


def test_it_is_what_infogan_trains_on():
    """Ten categories, of which x shows which third they are in: log 10 − H(c|x)."""
    codes = torch.arange(9)
    joint = torch.zeros(9, 3).index_put_((codes, codes // 3), torch.tensor(1 / 9))
    logits = posterior(joint).T.log()[codes // 3].float()
    assert categorical_bound(logits, codes).item() == pytest.approx(mutual_information(joint), abs=1e-6)
    assert mutual_information(joint) == pytest.approx(math.log(3))


def test_what_is_no_distribution():
    with pytest.raises(GansmithError, match=r"sum to 0\.9"):
        entropy(torch.tensor([0.5, 0.4]))
    with pytest.raises(GansmithError, match=r"\(2, 2\), each column"):
        bound(torch.full((2, 2), 0.25), torch.full((2, 2), 0.25))
