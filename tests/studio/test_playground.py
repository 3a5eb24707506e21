"""The playground in a real browser: what controls change, by the numbers that the page shows."""

import json
import os
import time
from pathlib import Path

import pytest


@pytest.fixture
def opened(page, studio):
    """Opens the playground and waits for its first frame."""

    def open_it(query="", on=page):
        on.goto(f"{studio}/playground{query}")
        on.wait_for_selector(".pg[data-ready='1'][data-step]", timeout=30_000)
        return on

    return open_it


def step(page):
    return int(page.get_attribute(".pg", "data-step"))


def quantities(page):
    return json.loads(page.get_attribute(".pg", "data-quantities") or "{}")


def until(page, condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, (step(page), quantities(page), page.inner_text(".pg .error"))
        page.wait_for_timeout(50)


def send(page, **word):
    """Say something as the page's own controls do."""
    page.locator(".pg").evaluate("(pg, word) => pg.playground.line.say(word)", word)


def at_step(page, wanted):
    until(page, lambda: step(page) == wanted)


def pause(page):
    page.click("[data-do=play]")
    until(page, lambda: page.inner_text("[data-do=play]") == "Play")


def test_it_opens_at_once_and_without_an_error(page, opened, studio):
    opened()
    start = time.monotonic()
    page.goto(f"{studio}/playground")
    page.wait_for_selector(".pg[data-ready='1'][data-step='0']", timeout=30_000)
    spent = time.monotonic() - start
    assert spent < (3 if os.getloadavg()[0] < 2 else 15)
    assert page.is_hidden(".pg .error") and page.locator("[data-testid=stException]").count() == 0


def test_modes_are_found_and_d_comes_nearer_to_one_half(page, opened):
    opened("?seed=0")
    until(page, lambda: "js" in quantities(page))
    first = quantities(page)
    page.keyboard.press("Space")
    until(page, lambda: step(page) >= 500, 120)
    pause(page)
    last = quantities(page)
    assert first["held"] <= 6 and last["held"] == 8
    assert last["js"] < 0.6 * first["js"] and last["w1"] < first["w1"]
    assert abs(last["middle"] - 0.5) < 0.2


def test_keys_step_slow_motion_and_reset(page, opened):
    opened()
    page.keyboard.press("ArrowRight")
    at_step(page, 1)
    page.keyboard.press("ArrowRight")
    at_step(page, 2)
    page.keyboard.press("s")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[data-node=discriminator].trained", timeout=10_000)
    assert page.locator("[data-node=generator].frozen").count() == 1 and "D moved" in page.inner_text(".part")
    page.wait_for_selector("[data-node=generator].trained", timeout=10_000)
    page.keyboard.press("r")
    at_step(page, 0)


def test_winding_back_and_playing_on_gives_the_same_numbers(page, opened):
    opened("?batch=16&hidden=16")
    send(page, do="step")
    at_step(page, 1)
    seen = []
    for _ in range(2):
        while step(page) < 20:
            before = step(page)
            send(page, do="step")
            until(page, lambda before=before: step(page) == before + 1)
        until(page, lambda: quantities(page).get("discriminator") is not None)
        page.wait_for_timeout(600)
        seen.append(quantities(page))
        send(page, do="go", step=10)
        at_step(page, 10)
    named = ("discriminator", "generator", "js", "w1", "pull")
    assert [seen[0][n] for n in named] == [seen[1][n] for n in named]


@pytest.mark.parametrize(
    ("control", "value", "name"),
    [
        ("data", "grid", "data"),
        ("loss", "hinge", "loss"),
        ("dynamics", "extragradient", "dynamics"),
        ("n_critic", "5", "n_critic"),
        ("batch", "256", "batch"),
        ("discriminator.lr", "0.005", "discriminator.lr"),
        ("generator.optimizer", "SGD", "generator.optimizer"),
        ("generator_layers", "1", "generator_layers"),
        ("hidden", "32", "hidden"),
        ("seed", "7", "seed"),
        ("penalty", "gradient_penalty", "gradient_penalty"),
    ],
)
def test_each_control_is_in_the_link_and_in_the_command(page, opened, control, value, name):
    opened("?hidden=16&batch=32")
    box = page.locator(f".controls [name='{control}']")
    if box.evaluate("box => box.tagName") == "SELECT":
        box.select_option(value)
    else:
        box.fill(value)
        box.press("Enter")
        box.dispatch_event("change")
    page.wait_for_function("name => location.search.includes(name + '=')", arg=name, timeout=20_000)
    flag = "--" + name.replace("_", "-")
    page.click(".copy summary")
    until(page, lambda: flag + " " in page.locator(".copy pre").text_content())
    link = page.evaluate("location.search")
    page.reload()
    page.wait_for_selector(".pg[data-ready='1'][data-step]", timeout=30_000)
    assert page.evaluate("location.search") == link  # the link holds the setting


def test_one_alone_is_trained(page, opened):
    opened()
    page.click("[data-who=discriminator]")
    until(page, lambda: page.locator("[data-who=discriminator].on").count() == 1)
    until(page, lambda: "offset" in quantities(page))
    before = quantities(page)
    page.keyboard.press("Space")
    until(page, lambda: step(page) > 60)
    pause(page)
    page.wait_for_timeout(500)
    after = quantities(page)
    assert after["offset"] == before["offset"] and after["js"] == before["js"]  # G stands still
    assert after["sure"] > before["sure"] + 0.5  # and D learns to tell


def test_a_preset_fails_and_its_cure_does_not(page, opened):
    reached = {}
    for cured in ("0", "1"):
        opened(f"?preset=rotation&cured={cured}")
        until(page, lambda: step(page) >= 150, 90)
        until(page, lambda: page.inner_text("[data-do=play]") == "Pause" and "offset" in quantities(page))
        looks = []  # of a turn or more, as the distance from the middle comes and goes
        for _ in range(20):
            looks.append(quantities(page)["offset"])
            page.wait_for_timeout(50)
        reached[cured] = max(looks)
    assert reached["0"] > 5 > 1 > reached["1"]


def test_a_drawn_distribution_is_played(page, opened):
    opened()
    page.select_option(".controls [name=data]", "plane")
    box = page.locator(".picture").bounding_box()
    for x, y in ((0.3, 0.3), (0.7, 0.7), (0.3, 0.7)):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.click("[data-do=drawn]")
    page.wait_for_function("location.search.includes('points=')", timeout=20_000)
    until(page, lambda: step(page) > 5 and "modes" in quantities(page))
    assert len(page.evaluate("new URLSearchParams(location.search).get('points')").split(";")) == 3


def test_a_bad_link_is_told_and_the_page_goes_on(page, studio):
    page.goto(f"{studio}/playground?batch=999999")
    page.wait_for_selector(".pg .error:not([hidden])", timeout=30_000)
    assert "batch = 999999 must be a whole number from 8 to 1024" in page.inner_text(".pg .error")
    page.select_option(".controls [name=data]", "moons")
    page.wait_for_selector(".pg[data-ready='1'][data-step='0']", timeout=30_000)
    assert page.is_hidden(".pg .error")


def test_two_browsers_do_not_disturb_each_other(chromium, page, opened):
    context = chromium.new_context()
    other = context.new_page()
    opened("?seed=1&data=moons")
    opened("?seed=2", other)
    page.keyboard.press("Space")
    until(page, lambda: step(page) > 20)
    assert step(other) == 0 and "seed=2" in other.url and "data=moons" in page.url
    context.close()


def test_a_closed_tab_ends_its_training(chromium, served):
    process, address = served
    clock = Path(f"/proc/{process.pid}/stat")
    if not clock.exists():
        pytest.skip("there is no /proc to read a process's time from")

    def spent():
        fields = clock.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}/playground")
    page.wait_for_selector(".pg[data-ready='1']", timeout=30_000)
    page.keyboard.press("Space")
    until(page, lambda: step(page) > 30)
    before = spent()
    time.sleep(2)
    busy = spent() - before
    context.close()
    time.sleep(8)
    before = spent()
    time.sleep(2)
    assert busy > 0.2 and spent() - before < 0.4 * busy
