"""Errors suggest what was meant."""

from gansmith.errors import GansmithError, unknown

MANY = [f"name-{i:02d}" for i in range(30)]


def test_a_near_name_is_suggested_and_short_lists_are_shown():
    assert str(unknown("recipe", "wgan-pg", ["wgan-gp", "wgan"])) == (
        "unknown recipe 'wgan-pg': did you mean 'wgan-gp'? Known: wgan, wgan-gp"
    )
    assert str(unknown("thing", "name-007", MANY)) == "unknown thing 'name-007': did you mean 'name-07'?"
    assert isinstance(unknown("a", "b", []), GansmithError)


def test_a_part_of_a_name_suggests_all_that_hold_it():
    told = str(unknown("field", "lr", ["lr_generator", "lr_discriminator", *MANY]))
    assert told == "unknown field 'lr': did you mean 'lr_discriminator' or 'lr_generator'?"


def test_where_nothing_is_near_all_are_shown_and_none_is_guessed():
    told = str(unknown("thing", "zzz", MANY))
    assert "did you mean" not in told and all(name in told for name in MANY)
    assert "did you mean" not in str(unknown("thing", "", MANY))
