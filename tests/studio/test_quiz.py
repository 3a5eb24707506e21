"""Which one is real? The score, its doubt, the keyboard; and the questions behind it."""

import json
import re
import shutil

import pytest

from gansmith.metrics.guessing import guesses

pytest.importorskip("streamlit", reason="streamlit is not installed: pip install 'gansmith[studio]'")

from gansmith.errors import GansmithError
from gansmith.generators.file import shipped
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
        plain = [float(told.split(", ")[-1].split(" ")[0]) if ", " in told else -1.0 for told in one["why"]]
        assert one["plainest"] != one["real"] and plain[one["plainest"]] == max(plain)
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


def answer(quiz, expect, right):
    """Answer so many questions as told, and return the verdict's element."""
    for i, hit in enumerate(right):
        quiz.locator(".pictures button").nth(truth(quiz) if hit else 1 - truth(quiz)).click()
        expect(quiz.locator(f".qz[data-count='{i + 1}']")).to_be_visible()
        quiz.click(".next")
    expect(quiz.locator(f".qz[data-right='{sum(right)}'][data-count='{len(right)}']")).to_be_visible()
    return quiz.locator(".verdict")


def test_chance_is_a_result(quiz, expect):
    expect(answer(quiz, expect, [i % 2 for i in range(10)])).to_contain_text("You cannot tell them apart")


def test_answers_that_are_nearly_all_wrong_tell_apart_the_wrong_way_round(quiz, expect):
    verdict = answer(quiz, expect, [i == 3 for i in range(10)])
    found = guesses(1, 10)
    assert found.high < 0.5
    expect(verdict).to_contain_text("the wrong way round")
    expect(verdict).to_contain_text(f"even {round(100 * found.high)} % would be less than chance, 50 %")
    expect(quiz.locator(".share")).to_have_text(
        f"10 % ({round(100 * found.low)} % to {round(100 * found.high)} %)", use_inner_text=True
    )


def test_time_and_interval_are_shown(quiz, expect):
    expect(quiz.locator(".time")).to_have_text("–", use_inner_text=True)
    quiz.wait_for_timeout(1500)
    answer(quiz, expect, [True])
    seconds = float(quiz.locator(".qz").evaluate("q => q.quiz.times[0]"))
    assert seconds > 1.4
    expect(quiz.locator(".time")).to_have_text(re.compile(rf"^{seconds:.1f} s$"), use_inner_text=True)
    found = guesses(1, 1)
    expect(quiz.locator(".share")).to_have_text(f"100 % ({round(100 * found.low)} % to 100 %)", use_inner_text=True)
    style = quiz.locator(".band").evaluate("band => [parseFloat(band.style.left), parseFloat(band.style.width)]")
    assert style == pytest.approx([100 * found.low, 100 * (found.high - found.low)], abs=0.01)


def test_in_a_grid_of_nine_each_answer_has_its_reason(quiz, expect):
    quiz.get_by_text("One among nine").click()
    expect(quiz.locator(".pictures.many img")).to_have_count(9)
    for right in (True, False):
        question = quiz.locator(".qz").evaluate("q => q.quiz.data.questions[q.quiz.at]")
        wrong = (question["real"] + 1) % 9
        quiz.keyboard.press(str((question["real"] if right else wrong) + 1))
        of = question["plainest"] if right else wrong
        expect(quiz.locator(".say")).to_contain_text("Right." if right else "Wrong.")
        expect(quiz.locator(".say")).to_contain_text(f"icture {of + 1}", ignore_case=True)
        expect(quiz.locator(".say")).to_contain_text(question["why"][of])
        quiz.keyboard.press("Enter")


def test_another_generator_takes_its_place_and_the_score_begins_anew(page, start, tmp_path, expect):
    own = tmp_path / "runs" / "mine"
    own.mkdir(parents=True)
    shutil.copy(shipped("faces"), own / place.WEIGHTS)
    page.goto(f"{start(tmp_path, 'runs')}/real")
    page.wait_for_selector(".qz .pictures img", timeout=120_000)
    first = page.locator(".pictures img").first.get_attribute("src")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".qz[data-count='1']")).to_be_visible()
    page.get_by_role("combobox").click()
    page.get_by_role("option", name="mine").click()
    expect(page.locator(".qz[data-count='0']")).to_be_visible()
    assert page.locator(".qz").evaluate("q => q.quiz.data.name") == "mine"
    page.keyboard.press("ArrowLeft")  # keys are answers again
    expect(page.locator(".qz[data-count='1']")).to_be_visible()
    expect(page.locator(".pictures img").first).to_have_attribute("src", first)  # the same weights, the same pictures


def test_nine_pictures_and_another_game(quiz, expect):
    quiz.get_by_text("One among nine").click()
    expect(quiz.locator(".pictures.many img")).to_have_count(9)
    before = json.dumps(quiz.locator(".qz").evaluate("q => q.quiz.data.game"))
    for _ in range(ROUNDS):
        quiz.keyboard.press(str(truth(quiz) + 1))
        quiz.keyboard.press("Enter")
    quiz.wait_for_selector(".qz[data-count='0']", timeout=120_000)
    assert json.dumps(quiz.locator(".qz").evaluate("q => q.quiz.data.game")) != before
