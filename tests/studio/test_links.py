"""The playground's setting elsewhere: in links, as a command, as Python, and drawn by hand."""

import pytest

from gansmith.playground.presets import PRESETS
from gansmith.playground.setting import Setting


@pytest.mark.parametrize(("kind", "dimensions"), [("plane", 2), ("line", 1)])
def test_a_drawn_distribution_is_played(game, kind, dimensions):
    game.open()
    game.page.select_option(".controls [name=data]", kind)
    box = game.page.locator(".picture").bounding_box()
    for x, y in ((0.3, 0.3), (0.7, 0.7), (0.5, 0.7)):
        game.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    game.page.click("[data-do=drawn]")
    game.page.wait_for_function("location.search.includes('points=')", timeout=120_000)
    game.until(lambda: game.step > 5 and "modes" in game.quantities)
    points = game.page.evaluate("new URLSearchParams(location.search).get('points')").split(";")
    assert [len(point.split(",")) for point in points] == [dimensions] * 3


def test_drawn_points_are_cleared_and_drawn_anew(game, expect):
    game.open()
    game.page.select_option(".controls [name=data]", "plane")
    box = game.page.locator(".picture").bounding_box()

    def place(x, y):
        game.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])

    drawn = "pg => pg.playground.points.length"
    place(0.3, 0.3)
    place(0.7, 0.7)
    game.until(lambda: game.page.locator(".pg").evaluate(drawn) == 2)
    game.page.click("[data-do=undraw]")
    game.until(lambda: game.page.locator(".pg").evaluate(drawn) == 0)
    game.page.click("[data-do=drawn]")
    expect(game.page.locator(".pg .error")).to_contain_text("Place a mode first")
    place(0.4123, 0.5871)
    game.page.click("[data-do=drawn]")
    game.page.wait_for_function("location.search.includes('points=')", timeout=120_000)
    ((x, y),) = [
        p.split(",") for p in game.page.evaluate("pg => new URLSearchParams(location.search).getAll('points')")
    ]
    shown = game.page.locator(".pg").evaluate("pg => pg.playground.points")
    assert shown == [[float(x), float(y)]] and all(len(one.partition(".")[2]) == 3 for one in (x, y))


def test_copies_are_the_command_the_python_and_the_link(game, expect):
    game.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    game.open("?batch=16&hidden=16&r1=0.1234567").at(0)
    setting = Setting("ring", {"batch": 16, "hidden": 16, "r1": 0.1234567})
    game.page.click(".copy summary")
    told = {"command": setting.command(1), "python": setting.python(1), "link": game.page.url}
    for what, text in told.items():
        game.page.click(f"[data-copy={what}]")
        expect(game.page.locator(".copy pre")).to_have_text(text)
        game.until(lambda text=text: game.page.evaluate("navigator.clipboard.readText()") == text)
    assert "r1=0.1234567" in told["link"]


def test_a_link_to_a_preset_opens_its_cure(game, expect):
    (one,) = [preset for preset in PRESETS if preset.name == "vanishing"]
    game.open("?preset=vanishing&cured=1")
    expect(game.page.locator("[data-is=preset]")).to_have_value("vanishing")
    expect(game.page.locator("[data-is=look]")).to_have_text(one.why)
    expect(game.page.locator("[data-cured='1']")).to_have_class("on")
    expect(game.page.locator(".controls [name=loss]")).to_have_value(one.cure["loss"])
    game.until(lambda: game.step > 0)  # and it plays
    assert "preset=vanishing&cured=1" in game.page.url


def test_a_bad_link_is_told_and_the_page_goes_on(game, expect):
    game.page.goto(f"{game.studio}/playground?batch=999999")
    game.page.wait_for_selector(".pg .error:not([hidden])", timeout=120_000)
    expect(game.page.locator(".pg .error")).to_contain_text("batch = 999999 must be a whole number from 8 to 1024")
    game.choose("data", "moons")
    game.page.wait_for_selector(".pg[data-ready='1'][data-step='0']", timeout=120_000)
    assert game.page.is_hidden(".pg .error")


def test_what_a_link_has_of_two_penalties_stays_until_another_is_chosen(game):
    def asked():
        return game.page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")

    game.open("?batch=16&hidden=16&r1=0.3&r2=0.7")
    game.choose("batch", "32")
    game.page.wait_for_function("location.search.includes('batch=32')", timeout=120_000)
    assert (asked()["r1"], asked()["r2"]) == ("0.3", "0.7")
    game.choose("penalty", "r2")
    game.page.wait_for_function("!location.search.includes('r1=0.3')", timeout=120_000)
    assert float(asked()["r2"]) == 0.3 and not float(asked().get("r1", 0))  # the weight that is shown
