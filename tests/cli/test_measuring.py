"""evaluate, compare and sweep as commands: what they print, write and refuse."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

import gansmith
from gansmith.cli.tables import figure, markdown

TINY = ["--hidden", 4, "--width", 4, "--latent", 2, "--batch", 4, "--steps", 2, "--evaluate-samples", 70]


@pytest.fixture
def ring(once):
    for name in ("one", "two"):
        once("train", "nsgan", "--data", "ring", "--out", name, *TINY)


def rows(out):
    return {r[0]: r[1:] for r in ([c.strip() for c in line.split("│")[1:-1]] for line in out.splitlines()) if r}


def test_evaluate_prints_a_table_and_writes_the_same_numbers(command, here, ring):
    code, out, err = command("evaluate", "one", "--samples", 400)
    assert (code, err) == (0, "") and out.splitlines()[-1] == "one/metrics-samples-400.json"
    stored = json.loads((here / "one/metrics-samples-400.json").read_text())
    table = rows(out)
    assert table["sliced Wasserstein-2"][0] == figure(stored["metrics"]["sliced_wasserstein"])
    assert table["KID"][0] == figure(stored["metrics"]["kid"], stored["details"]["kid_error"])
    assert float(table["high quality"][1]) > 0.97  # the column of real data
    assert "400 samples against 5,000 of 8 Gaussians on a ring; features: raw (2 numbers)" in " ".join(out.split())


def test_compare_prints_one_table_and_writes_page_and_picture(command, here, ring):
    code, out, err = command("compare", "one", "two", "--samples", 300, "--out", "pages/both.png")
    assert (code, err) == (0, "") and out.splitlines()[-1] == "pages/both.png"
    table = rows(out)
    assert table["recipe"][:2] == ["nsgan", "nsgan"] and table["batch"][:2] == ["4", "4"]
    assert table["FID"][0] == table["FID"][1]  # the same run twice
    page = (here / "pages/both.md").read_text()
    assert "| FID | **" in page and "![Samples and curves](both.png)" in page and "[bold]" not in page
    assert (here / "pages/both.png").read_bytes()[:4] == b"\x89PNG"
    (here / "pages/both.md").write_text("my own notes")
    code, out, err = command("compare", "one", "two", "--out", "pages/both.png")
    assert code == 2 and "the table would go over your pages/both.md" in err
    assert (here / "pages/both.md").read_text() == "my own notes"


def test_sample_evaluate_and_compare_take_a_file_alone(command, here, ring):
    one = gansmith.load(here / "one")
    (here / "elsewhere").mkdir()
    shutil.move(here / "one" / "generator.safetensors", here / "elsewhere" / "bird.safetensors")
    shutil.rmtree(here / "one")
    assert command("sample", "elsewhere/bird.safetensors", "--count", 5, "--out", "x.npz") == (0, "x.npz\n", "")
    assert np.array_equal(np.load("x.npz")["samples"], one.sample(5).numpy())
    code, out, _ = command("sample", "elsewhere/bird.safetensors")
    assert (code, out) == (0, "samples-bird-seed-0.png\n") and (here / "samples-bird-seed-0.png").exists()

    code, out, err = command("evaluate", "elsewhere/bird.safetensors", "--samples", 300)
    assert (code, err) == (0, "") and out.splitlines()[-1] == "elsewhere/bird.metrics-samples-300.json"
    stored = json.loads((here / "elsewhere/bird.metrics-samples-300.json").read_text())
    assert stored["name"] == stored["about"]["run"] == "bird" and stored["about"]["recipe"] == "nsgan"
    assert rows(out)["KID"][0] == figure(stored["metrics"]["kid"], stored["details"]["kid_error"])

    code, out, err = command("compare", "two", "elsewhere/bird.safetensors", "--samples", 300, "--out", "both.png")
    assert (code, err) == (0, "")
    table, head = rows(out), next(line for line in out.splitlines() if "two" in line)
    assert "two" in head and "bird" in head.split("two")[1]
    assert [table[fact][:2] for fact in ("recipe", "steps", "seed")] == [["nsgan"] * 2, ["2"] * 2, ["0"] * 2]
    assert table["minutes"][1] == "" and table["FID"][0] == table["FID"][1]  # the same run, once without its journal
    assert Image.open(here / "both.png").width > 600


def test_files_that_are_no_generators_are_one_line(command, here):
    (here / "x.safetensors").write_bytes(b"junk")
    for verb in (["sample"], ["evaluate"], ["compare", "x.safetensors"]):
        code, out, err = command(*verb, "x.safetensors")
        assert code == 2 and out == "" and len(err.splitlines()) == 1
        assert "x.safetensors is no generator (" in err and "give a run folder or its .safetensors file" in err
    assert [p.name for p in here.iterdir()] == ["x.safetensors"]


def test_sweep_takes_values_for_fields_and_every_flag_of_train(command, here):
    arguments = ["sweep", "nsgan", "--data", "ring", "--seeds", 2, "r1=0,0.5", "--jobs", 1, "--out", "s", *TINY]
    code, out, err = command(*arguments)
    assert code == 0 and out.splitlines()[-1] == "s" and "4/4" in err
    assert rows(out)["runs"][:2] == ["2", "2"] and "±" in rows(out)["sliced Wasserstein-2"][0]
    assert "r1=0.5" in (here / "s/sweep.md").read_text()
    recipe = json.loads((here / "s" / "r1=0.5,seed=1" / "config.json").read_text())
    assert recipe["terms"][1] == {"type": "r1", "weight": 0.5, "every": 1} and recipe["training"]["steps"] == 2


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["evaluate"], "evaluate --help"),
        (["evaluate", "nothing"], "nothing is no run folder, and no data either: unknown data set 'nothing'"),
        (["evaluate", "digits", "--samples", "x"], "--samples x: must be a whole number or None"),
        (["compare", "one"], "one is no run folder"),
        (["compare", "a", "b", "--out", "a.pdf"], "--out a.pdf: use FILE.png"),
        (["sweep"], "which recipe? gansmith sweep RECIPE"),
        (["sweep", "nsgen"], "unknown recipe 'nsgen': did you mean 'nsgan'"),
        (["sweep", "nsgan", "r1=x,1"], "--r1 x: must be a number"),
        (["sweep", "nsgan", "dynamics=alternatin"], "unknown dynamics 'alternatin': did you mean 'alternating'?"),
        (["sweep", "nsgan", "r11=1"], "unknown setting 'r11': did you mean 'r1'"),
        (["sweep", "nsgan", "r1=1", "r1=2"], "a field is swept twice"),
        (["sweep", "nsgan", "--evaluate-every", "0"], "evaluate_every = 0 leaves nothing to compare"),
    ],
)
def test_mistakes_are_one_line_and_leave_nothing(command, here, arguments, line):
    code, out, err = command(*arguments)
    assert code == 2 and line in err and len(err.splitlines()) == 1 and out == ""
    assert not list(here.iterdir())


def test_markdown_and_figures():
    assert markdown(["a", "b"], [["x", "[bold]1[/bold]"]]) == "| a | b |\n| --- | --- |\n| x | **1** |\n"
    assert [figure(v) for v in (float("nan"), -0.00012346, 999.96, 12345.6)] == ["", "-0.0001235", "1000", "12346"]
