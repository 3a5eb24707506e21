"""What a run writes down by step."""

import io
import json
import sys

import numpy as np
import pytest
from PIL import Image

import gansmith
from gansmith.records.journal import Journal, read_journal


def test_journal_goes_on_after_the_step_it_resumes_from(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    for step in (10, 20, 30):
        journal.write(step, {"cost": 1 / step, "odd": float("nan")})
    journal.close()
    with path.open("a") as file:
        file.write('{"step": 40, "co')  # killed while writing
    assert [e["step"] for e in read_journal(path)] == [10, 20, 30]
    Journal(path, step=20).close()
    assert read_journal(path) == [{"step": s, "cost": 1 / s, "odd": None} for s in (10, 20)]
    assert all(json.loads(line) for line in path.read_text().splitlines())


def test_tensorboard_has_the_same_numbers(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    journal = Journal(tmp_path / "journal.jsonl")
    for step in (1, 2):
        journal.write(step, {"generator/cost": 0.25 * step})
    journal.close()
    events = EventAccumulator(str(tmp_path)).Reload().Scalars("generator/cost")
    assert [(e.step, e.value) for e in events] == [(1, 0.25), (2, 0.5)]


def test_tensorboard_shows_pictures_and_the_recipe_of_a_run(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.hparams import plugin_data_pb2

    small = {"image_size": 8, "width": 2, "latent": 2, "batch": 4, "device": "cpu", "evaluate_every": 0}
    recipe = gansmith.recipe("infogan", data="digits", network="dcgan", steps=2, lr=0.125, **small)
    gansmith.train(recipe, tmp_path / "run", quiet=True)
    events = EventAccumulator(str(tmp_path / "run")).Reload()
    assert set(events.Tags()["images"]) == {"samples", "codes"}
    (shown,) = events.Images("samples")
    drawn = Image.open(tmp_path / "run" / "samples" / "step-00000002.png")
    assert shown.step == 2 and (shown.width, shown.height) == drawn.size
    same = np.asarray(Image.open(io.BytesIO(shown.encoded_image_string))) == np.asarray(drawn.convert("RGB"))
    assert same.all()
    text = events.Tensors("recipe/text_summary")[0].tensor_proto.string_val[0].decode()
    assert text.startswith("    infogan\n") and "0.125" in text
    content = events.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    settings = plugin_data_pb2.HParamsPluginData.FromString(content).session_start_info.hparams
    assert settings["players.generator.lr"].number_value == 0.125 and settings["recipe"].string_value == "infogan"
    assert settings["training.steps"].number_value == 2 and settings["source.data"].string_value == "digits"


def test_a_run_goes_on_where_tensorboard_does_not_fit(tmp_path, monkeypatch):
    """Its protobuf may be another package's."""
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    journal = Journal(tmp_path / "journal.jsonl")
    with pytest.warns(UserWarning, match=r"TensorBoard cannot be used .*journal.jsonl alone"):
        journal.write(1, {"cost": 0.5})
    journal.write(2, {"cost": 0.25})
    journal.show(2, "samples", Image.new("RGB", (2, 2)))
    journal.close()
    assert [entry["cost"] for entry in read_journal(journal.path)] == [0.5, 0.25]


def test_a_journal_without_a_folder_shows_nothing():
    journal = Journal(None)
    journal.show(1, "samples", Image.new("RGB", (2, 2)))
    journal.write(1, {"cost": 1.0})
    assert journal.latest == {"cost": 1.0} and journal.board is None
