"""Which one is real? The score, its doubt, the keyboard; and the questions behind it."""

import json
import re
import shutil

import pytest

from gansmith.metrics.guessing import guesses

pytest.importorskip("streamlit", reason="streamlit is not installed: pip install 'gansmith[studio]'")

from gansmith.errors import GansmithError
from gansmith.studio import pictures, place
from gansmith.studio.quiz.rounds import ROUNDS, game, scores


@pytest.mark.parametrize("size", [2, 9])
def test_questions_have_one_real_picture_and_differ_from_game_to_game(size):
    first, again, other = game("faces", size, 0), game("faces", size, 0), game("faces", size, 1)
    assert first == again and len(first) == ROUNDS
    seen = [picture for one in (*first, *other) for picture in one["pictures"]]
    assert len(set(seen)) == len(seen) == 2 * ROUNDS * size
    for one in first:
        assert one["why"][one["real"]] == "" and all(one["why"][i] for i in range(size) if i != one["real"])
    assert len({one["real"] for one in first}) > 1


def test_scores_are_those_of_the_library():
    table = scores(9)
    assert table[20][7] == pytest.approx(guesses(7, 20, 1 / 9)[1:])
    assert [len(row) for row in table] == list(range(1, ROUNDS + 2))


def test_points_and_unknown_data_are_told_in_one_line(tmp_path, monkeypatch):
    import gansmith

    gansmith.train("nsgan", data="ring", steps=1, out=tmp_path / "points", quiet=True, hidden=4, batch=8)
    monkeypatch.setattr(place.GIVEN, "runs", tmp_path)
    assert pictures.known() == ["faces", "points"]
    with pytest.raises(GansmithError, match="points makes points, not pictures"):
        pictures.generator("points")
    shutil.rmtree(tmp_path / "points")
    with pytest.raises(GansmithError, match="no run is called"):
        pictures.generator("points")


@pytest.fixture
def quiz(page, studio):
    page.goto(f"{studio}/real")
    page.wait_for_selector(".qz .pictures img", timeout=120_000)
    return page


def truth(page):
    return page.locator(".qz").evaluate("q => q.quiz.data.questions[q.quiz.at].real")


def test_the_score_is_kept_by_keyboard_and_told_apart_in_the_end(quiz, expect):
    for i in range(10):
        wrong = i == 0
        quiz.keyboard.press("ArrowRight" if (truth(quiz) == 1) is not wrong else "ArrowLeft")
        expect(quiz.locator(f".qz[data-right='{i}'][data-count='{i + 1}']")).to_be_visible()
        expect(quiz.locator(".say")).to_have_text(
            re.compile(("Wrong" if wrong else "Right") + r"\. The generated one: ")
        )
        quiz.keyboard.press("Enter")
    low = float(quiz.get_attribute(".qz", "data-low"))
    assert low == pytest.approx(guesses(9, 10).low)
    expect(quiz.locator(".verdict")).to_contain_text("You can tell them apart")
    assert quiz.locator("[data-testid=stException]").count() == 0


def test_chance_is_a_result(quiz, expect):
    for i in range(10):
        quiz.locator(".pictures button").nth(truth(quiz) if i % 2 else 1 - truth(quiz)).click()
        quiz.click(".next")
    expect(quiz.locator(".qz[data-right='5'][data-count='10']")).to_be_visible()
    expect(quiz.locator(".verdict")).to_contain_text("You cannot tell them apart")


def test_nine_pictures_and_another_game(quiz, expect):
    quiz.get_by_text("One among nine").click()
    expect(quiz.locator(".pictures.many img")).to_have_count(9)
    before = json.dumps(quiz.locator(".qz").evaluate("q => q.quiz.data.game"))
    for _ in range(ROUNDS):
        quiz.keyboard.press(str(truth(quiz) + 1))
        quiz.keyboard.press("Enter")
    quiz.wait_for_selector(".qz[data-count='0']", timeout=120_000)
    assert json.dumps(quiz.locator(".qz").evaluate("q => q.quiz.data.game")) != before
