"""What a term needs of the others is asked for, and is all that it asks for."""

import pytest

from gansmith.errors import GansmithError
from gansmith.recipes import recipe
from gansmith.training.check import check

PACKED = {"pack": 2, "batch": 8}
REFUSED = {
    "a classifier of conditions": ("acgan", {"condition": "none"}, "auxiliary needs --condition labels or attributes"),
    "codes": ("infogan", {"categorical_codes": 0, "continuous_codes": 0}, "reads codes, and there are none"),
    "an answer": ("dcgan", {"answer": 1.0}, "answer needs a generator that answers"),
    "features apart": ("ebgan", {"pull_away": 0.1, "batch": 1}, "batch = 1 has no variance and no pairs"),
    "slopes at samples": ("dcgan", {"r1": 1.0, **PACKED}, "r1 looks at single samples"),
    "slopes at fakes": ("dcgan", {"r2": 1.0, **PACKED}, "r2 looks at single samples"),
    "slopes between": ("wgan-gp", PACKED, "gradient_penalty looks at single samples"),
    "slopes around": ("dragan", PACKED, "looks at single samples"),
    "pairs with noise": ("bigan", PACKED, "bidirectional looks at single samples"),
    "slopes every so often": ("dcgan", {"r1": 1.0, "r1.every": 4, "compile": True}, "alike, not every = 4"),
}
TAKEN = [
    ("acgan", {}), ("infogan", {}), ("infogan", {"categorical_codes": 0}), ("inpaint", {}),
    ("feature-matching", {"batch": 1}), ("dcgan", {"r1": 1.0}),
    ("dcgan", {"r1": 1.0, "batch": 1}), ("wgan-gp", {"batch": 1}), ("bigan", {"batch": 1}),
    ("dcgan", PACKED), ("feature-matching", PACKED), ("dcgan", {"r1": 1.0, "r1.every": 1, "compile": True}),
    ("acgan", {"batch": 1}), ("lecam", {}), ("dcgan", {"projected": 1.0, "compile": True}),
]  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_a_term_cannot_do_without_is_asked_for(what):
    name, settings, told = REFUSED[what]
    made = recipe(name, **settings)
    assert all(set(term.costs) <= {*made.players, "encoder"} for term in made.terms)
    with pytest.raises(GansmithError, match=told):
        check(made)


@pytest.mark.parametrize(("name", "settings"), TAKEN, ids=str)
def test_what_it_can_do_without_is_not(name, settings):
    check(recipe(name, **settings))
