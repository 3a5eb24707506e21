"""What a run writes down by step."""

import json

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
