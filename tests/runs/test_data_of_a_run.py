"""A run knows its data: where they lie, and whether they are what they were."""

import json
import os
import shutil
import warnings

import numpy as np
import pytest
import torch
from PIL import Image

import gansmith
from gansmith.data import Source, open_dataset
from gansmith.data.fingerprint import fingerprint, located
from gansmith.errors import GansmithError
from gansmith.generators.file import weights_of

TINY = {"batch": 4, "width": 4, "latent": 5, "evaluate_every": 0, "quiet": True, "device": "cpu", "seed": 3}


@pytest.fixture
def pics(tmp_path, monkeypatch):
    """A folder of twelve pictures in the working folder, called by its bare name."""
    monkeypatch.chdir(tmp_path)
    shades = np.random.default_rng(0).integers(0, 256, (12, 16, 16), dtype=np.uint8)
    (tmp_path / "pics").mkdir()
    for i, shade in enumerate(shades):
        Image.fromarray(shade).save(tmp_path / "pics" / f"{i:02d}.png")
    return tmp_path / "pics"


@pytest.mark.parametrize("limit", [2.0, 0.0])
def test_a_run_goes_on_from_any_folder(pics, tmp_path, monkeypatch, limit):
    """Before: unknown data set 'pics'."""
    how = {**TINY, "resident_limit": limit, "workers": 0, "data": "pics"}
    gansmith.train("dcgan", out="whole", steps=4, **how)
    gansmith.train("dcgan", out="run", steps=2, **how)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    gansmith.resume("../run", steps=4, quiet=True)
    whole, run = (weights_of(tmp_path / name / "generator.safetensors") for name in ("whole", "run"))
    assert all(torch.equal(whole[name], run[name]) for name in whole)
    stored = json.loads((tmp_path / "run" / "config.json").read_text())
    assert stored["data"]["path"] == str(pics) and stored["source"]["data"] == "pics"
    assert stored["data"]["count"] == 12 and "changes" in stored and "data" not in stored["changes"][0]["before"]
    assert gansmith.evaluate("../run", samples=8, features="raw").metrics["fid"] > 0


@pytest.mark.parametrize("limit", [2.0, 0.0])
@pytest.mark.parametrize("what", ["more", "fewer", "other", "renamed class"])
def test_data_that_have_changed_are_refused_or_written_down(pics, limit, what):
    for i in range(12):
        (pics / "ab"[i % 2]).mkdir(exist_ok=True)
        (pics / f"{i:02d}.png").rename(pics / "ab"[i % 2] / f"{i:02d}.png")
    run = pics.parent / "run"
    gansmith.train("dcgan", data="pics", out=run, steps=2, resident_limit=limit, workers=0, **TINY)
    one = pics / "a" / "00.png"
    if what == "more":
        shutil.copy(one, pics / "a" / "99.png")
    elif what == "fewer":
        one.unlink()
    elif what == "renamed class":
        (pics / "a").rename(pics / "c")
    else:
        Image.fromarray(np.zeros((16, 16), np.uint8)).save(one)
    now = {"more": 13, "fewer": 11}.get(what, 12)
    before = (run / "config.json").read_bytes()
    told = f"its data .*pics.* are not what they were, 12 samples then and {now} now: .*--accept-changed-data"
    with pytest.raises(GansmithError, match=told):
        gansmith.resume(run, steps=4, quiet=True)
    assert (run / "config.json").read_bytes() == before
    gansmith.resume(run, steps=4, quiet=True, accept_changed_data=True)
    stored = json.loads((run / "config.json").read_text())
    assert stored["changes"][0]["before"]["data"]["count"] == 12 and stored["data"]["count"] == now
    gansmith.resume(run, steps=5, quiet=True)  # it knows them now


def test_a_file_that_is_only_touched_or_moved_back_is_the_same(pics):
    run = pics.parent / "run"
    gansmith.train("dcgan", data="pics", out=run, steps=2, **TINY)
    os.utime(pics / "00.png", (0, 0))
    shutil.move(pics, pics.parent / "away")
    with pytest.raises(GansmithError, match="unknown data set 'pics'"):
        gansmith.resume(run, steps=3, quiet=True)
    shutil.copytree(pics.parent / "away", pics)
    gansmith.resume(run, steps=3, quiet=True)


def test_data_that_are_named_anew_need_no_leave_and_are_written_down(pics):
    run, other = pics.parent / "run", pics.parent / "other"
    gansmith.train("dcgan", data="pics", out=run, steps=2, **TINY)
    shutil.copytree(pics, other)
    (other / "00.png").unlink()
    gansmith.resume(run, steps=3, quiet=True, data=str(other))
    stored = json.loads((run / "config.json").read_text())
    assert stored["changes"][0]["before"]["data"]["count"] == 12 and stored["data"]["path"] == str(other)


def test_a_run_of_before_has_no_fingerprint_and_goes_on(pics):
    run = pics.parent / "run"
    gansmith.train("dcgan", data="pics", out=run, steps=2, **TINY)
    stored = json.loads((run / "config.json").read_text())
    del stored["data"]
    (run / "config.json").write_text(json.dumps(stored))
    (pics / "00.png").unlink()
    gansmith.resume(run, steps=3, quiet=True)


def test_what_tells_data_apart(pics, tmp_path):
    one = fingerprint(open_dataset(Source("digits")))
    assert one == fingerprint(open_dataset(Source("digits"))) and one["count"] == one["looked_at"] == 1797
    assert fingerprint(open_dataset(Source("ring"))) == {}
    assert fingerprint(open_dataset(Source("stacked:digits"))) == one
    resident, streamed = (fingerprint(open_dataset(Source("pics", resident_limit=limit))) for limit in (2.0, 0.0))
    assert (resident["of"], streamed["of"]) == ("decoded", "files")
    assert located("pics") == str(pics) and located("stacked:pics") == f"stacked:{pics}"
    assert [located(name) for name in ("digits", "hub:ylecun/mnist", "module:thing", "nowhere.npz")] == [None] * 4


@pytest.mark.parametrize("recipe", ["dcgan", "cdcgan"])
def test_a_run_measured_against_data_that_have_changed_says_so(pics, recipe):
    """Before, it was measured against others without a word."""
    for i in range(12):
        (pics / "ab"[i % 2]).mkdir(exist_ok=True)
        (pics / f"{i:02d}.png").rename(pics / "ab"[i % 2] / f"{i:02d}.png")
    run = pics.parent / "run"
    gansmith.train(recipe, data="pics", out=run, steps=1, **TINY)

    def told():
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            gansmith.evaluate(run, samples=8, features="raw")
        return [str(one.message) for one in seen if "trained on" in str(one.message)]

    assert told() == []
    (pics / "a" / "00.png").unlink()
    line = "the data of run are not what it was trained on, 12 samples then and 11 now"
    assert told() == [f"{line}: it is measured against those of now"]
