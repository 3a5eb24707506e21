"""Each control of the playground changes a quantity that it should, in the direction that it should, and back again."""

import functools

import pytest

from gansmith.playground.session import Session
from gansmith.playground.setting import DEFAULTS, from_query
from gansmith.playground.units import Unit

BASE, STEPS = "hidden=16&batch=32", 60
RISES = "rises"
FALLS = "falls"

CONTROLS = [
    ("data", "grid", "sliced", RISES, "", "the grid is four times as wide"),
    ("loss", "wasserstein", "pull", RISES, "", "no sigmoid dampens the gradient"),
    ("penalty", "r1", "sure", FALLS, "", "R1 keeps D flat"),
    ("weight", "5", "sure", FALLS, "&r1=0.1", "and flatter"),
    ("dynamics", "lookahead", "sure", FALLS, "", "it goes half the way back every few steps"),
    ("n_critic", "5", "gap", FALLS, "", "D has time to come near to D*"),
    ("batch", "512", "gap", FALLS, "", "D learns from more samples"),
    ("discriminator.optimizer", "SGD", "sure", FALLS, "", "at Adam's rate it hardly moves"),
    ("discriminator.lr", "0.01", "gap", FALLS, "", "D learns faster"),
    ("discriminator_layers", "0", "sure", FALLS, "", "no plane parts a ring from its middle"),
    ("generator.optimizer", "SGD", "sliced", RISES, "", "G stays in the middle"),
    ("generator.lr", "0.0001", "sliced", RISES, "", "G stays in the middle"),
    ("generator_layers", "0", "largest", FALLS, "", "a plane lies over all of the ring at once"),
    ("hidden", "64", "held", RISES, "", "wide networks are quick"),
    ("latent", "1", "sliced", RISES, "", "a thread does not cover the ring so soon"),
    ("noise", "uniform", "sliced", RISES, "", "its deviation is less than 1"),
    ("seed", "3", "largest", RISES, "", "another game, which is another number by chance alone"),
]


@functools.cache
def usual(query):
    """Return what is reached without the change, by the library itself."""
    session = Session(from_query(dict(pair.split("=") for pair in query.split("&"))))
    session.play(STEPS)
    return session.measure()


@pytest.mark.parametrize(
    ("control", "value", "quantity", "way", "more", "because"), CONTROLS, ids=lambda x: str(x)[:24]
)
def test_a_control_moves_its_quantity_and_back(game, expect, control, value, quantity, way, more, because):
    first = game.open(f"?{BASE}{more}").at(0)
    box = game.page.locator(f".controls [name='{control}']")
    before = box.input_value()
    game.choose(control, value)
    game.page.wait_for_function(f"!location.search.endsWith('{BASE}{more}')", timeout=120_000)
    changed = game.at(0)
    reached, without = game.play_to(STEPS)[quantity], usual(BASE + more)[quantity]
    assert (reached > without) == (way == RISES) and reached != without, (reached, without, because)
    game.page.click("[data-do=reset]")
    assert game.at(0) == changed
    link = game.page.evaluate("location.search")
    flag = {"penalty": "r1", "weight": "r1"}.get(control, control)
    game.page.click(".copy summary")
    expect(game.page.locator(".copy pre")).to_contain_text(f"--{flag.replace('_', '-')} ")
    game.page.reload()
    game.page.wait_for_selector(".pg[data-ready='1'][data-step]", timeout=120_000)
    assert game.page.evaluate("location.search") == link and game.at(0) == changed  # the link holds the setting
    game.choose(control, before)
    game.page.wait_for_function("link => location.search !== link", arg=link, timeout=120_000)
    assert game.at(0) == first


def test_every_setting_has_a_control(game):
    game.open()
    names = {box.get_attribute("name") for box in game.page.locator(".controls [name]").all()}
    penalties = {"r1", "r2", "gradient_penalty", "discriminator.weight_clip"}
    assert names >= {*DEFAULTS} - penalties - {"standardize"} and {name for name, *_ in CONTROLS} == names


def test_one_alone_is_trained(game):
    before = game.open().at(0)
    game.page.click("[data-who=discriminator]")
    game.until(lambda: game.page.locator("[data-who=discriminator].on").count() == 1)
    after = game.play_to(STEPS)
    assert after["offset"] == before["offset"] and after["js"] == before["js"]  # G stands still
    assert after["sure"] > before["sure"] + 0.5  # and D learns to tell
    game.page.click("[data-who=generator]")
    game.until(lambda: game.page.locator("[data-who=generator].on").count() == 1)
    last = game.play_to(STEPS + 40)
    assert last["js"] != after["js"] and last["sure"] < after["sure"]  # G now goes where D says yes
    game.page.click("[data-do=reset]")
    assert game.at(0) == before


def test_speed_is_a_number_of_steps_a_second(game):
    game.open("?batch=16&hidden=8")
    game.page.locator("[data-is=speed]").fill("0")
    game.page.click("[data-do=play]")
    game.page.wait_for_timeout(3000)
    game.pause()
    assert game.step <= 5
    game.page.locator("[data-is=speed]").fill("6")
    game.page.click("[data-do=play]")
    game.until(lambda: game.step > 100)


def test_a_paused_picture_follows_the_theme_and_the_window(game):
    game.open("?batch=64&hidden=32").at(0)
    root = game.page.locator(".pg")
    game.page.emulate_media(color_scheme="dark")
    game.until(lambda: root.evaluate("pg => (pg.playground.as || '').startsWith('20,23,27')"))
    game.page.set_viewport_size({"width": 1920, "height": 1080})
    canvas = game.page.locator(".picture")
    game.until(lambda: canvas.evaluate("c => c.width") == canvas.evaluate("c => c.clientWidth") > 600)


def test_a_click_pins_the_nearest_sample_and_its_way_is_followed(game, expect):
    game.open("?batch=64&hidden=32")
    game.play_to(30)
    pins = "pg => [...pg.playground.picture.pins.trails].map(([i, way]) => [i, way.length, way.at(-1)])"
    place = """pg => {
        const p = pg.playground.picture;
        return [p.x(p.arrays.fake[40]) / p.ratio, p.y(p.arrays.fake[41]) / p.ratio];
    }"""
    root = game.page.locator(".pg")
    assert len(root.evaluate(pins)) == 8  # the first ones, while there are none of one's own
    x, y = root.evaluate(place)
    box = game.page.locator(".picture").bounding_box()
    game.page.mouse.click(box["x"] + x, box["y"] + y)
    expect(game.page.locator("[data-layer=trails]")).to_have_attribute("aria-pressed", "true")
    ((index, length, at),) = root.evaluate(pins)
    assert length == 1
    for k in range(3):
        game.page.keyboard.press("ArrowRight")
        game.at(31 + k)
    ((same, length, now),) = root.evaluate(pins)
    assert same == index and length == 4 and now != at
    x, y = root.evaluate(place.replace("40", str(2 * index)).replace("41", str(2 * index + 1)))
    game.page.mouse.click(box["x"] + x, box["y"] + y)
    assert len(root.evaluate(pins)) == 8  # let go


@pytest.mark.parametrize(
    ("query", "player"),
    [("data=ring", "discriminator"), ("data=ring", "generator"), ("data=normal", "discriminator")],
)
def test_a_hidden_unit_is_shown_while_it_is_pointed_at(game, expect, query, player):
    game.open(f"?hidden=16&{query}").at(0)
    game.page.click(f"[data-inside={player}]")
    game.page.wait_for_selector(".pg[data-units='2x16']", timeout=120_000)
    box, root = game.page.locator(".units").bounding_box(), game.page.locator(".pg")
    side = root.evaluate("pg => pg.playground.units.cell")
    game.page.mouse.move(box["x"] + 3.5 * side, box["y"] + 19 + 0.5 * side)
    game.page.wait_for_selector(f".pg[data-unit='{player} 0 3']", timeout=120_000)
    shown = root.evaluate("pg => Array.from(pg.playground.arrays.unit)")
    session = Session(from_query(dict(pair.split("=") for pair in f"hidden=16&{query}".split("&"))))
    assert shown == pytest.approx(session.look({}, Unit(player, 0, 3))["unit"].tolist(), abs=1e-5)
    expect(game.page.locator(".unit")).to_contain_text("unit 4", use_inner_text=True)
    game.page.mouse.move(box["x"] + 3.5 * side, box["y"] - 200)
    game.page.wait_for_selector(".pg[data-unit='']", timeout=120_000)
    game.page.locator(".units").focus()
    game.page.keyboard.press("ArrowDown")
    game.page.keyboard.press("ArrowRight")
    game.page.wait_for_selector(f".pg[data-unit='{player} 0 1']", timeout=120_000)
    game.page.keyboard.press("Escape")
    game.page.wait_for_selector(".pg[data-unit='']", timeout=120_000)
    assert game.step == 0  # arrows were the units'
