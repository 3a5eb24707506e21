"""The recipe `style` on data of other kinds: it works, or one line says why not."""

import pytest

import gansmith
from gansmith.cli.main import main

SHORT = ["--steps", "1", "--batch", "4", "--width", "4", "--evaluate-every", "0"]


@pytest.mark.parametrize(
    ("data", "shape"),
    [(["digits"], (1, 16, 16)), (["ring"], (2,)), (["portraits:40", "--image-size", "32"], (3, 32, 32))],
)
def test_other_kinds_of_data(tmp_path, data, shape):
    assert main(["train", "style", "--data", *data, *SHORT, "--out", str(tmp_path / "run")]) == 0
    assert gansmith.load(tmp_path / "run").sample(3).shape == (3, *shape)


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (["--image-size", "48"], "48"),
        (["--attribute-columns", "Nose"], "Nose"),
        (["--image-size", "8"], "8"),
    ],
)
def test_what_it_cannot_take_is_one_line(tmp_path, capsys, flags, named):
    assert main(["train", "style", "--data", "portraits:40", *flags, *SHORT, "--out", str(tmp_path / "run")]) == 2
    told = capsys.readouterr().err.strip()
    assert named in told and "\n" not in told and not (tmp_path / "run").exists()
