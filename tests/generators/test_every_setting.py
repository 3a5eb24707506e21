"""Every setting of what a generator makes samples from changes a run."""

import pytest
from tried import Case, tried

from gansmith.generators.prior import PRIORS

CODES = {"categorical_codes": 1, "information": 0.1}
CASES = {
    "categorical_codes": Case(CODES, (2,)),
    "categories": Case(CODES, (3,)),
    "continuous_codes": Case({"information": 0.1, **CODES}),
}


@pytest.mark.parametrize("one", list(tried(PRIORS, {}, CASES)), ids=str)
def test_a_setting_counts(one):
    assert one.differs(), f"{one} changes nothing"
