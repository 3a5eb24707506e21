"""Layers of the picture by their buttons, by keys and by the nodes of the graph: what each puts into the picture."""

import pytest

RISES, FALLS = "rises", "falls"


COLOURS = {"real": (29, 127, 149), "fake": (210, 96, 15), "ink": (31, 35, 40), "paper": (251, 250, 247)}


COUNT = """(pg, [r, g, b]) => {
    const c = pg.querySelector('.picture'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
    const over = (v, paper, a) => paper + (v - paper) * a / 255;
    let n = 0;
    for (let i = 0; i < d.length; i += 4) {
        const seen = [251, 250, 247].map((v, k) => over(d[i + k], v, d[i + 3]));
        n += Math.hypot(seen[0] - r, seen[1] - g, seen[2] - b) < 60;
    }
    return n;
}"""


LINE = "data=normal&latent=1"


@pytest.mark.parametrize(
    ("layer", "colour", "way", "query"),
    [
        ("samples", "real", FALLS, ""),
        ("heat", "paper", RISES, ""),
        ("arrows", "ink", FALLS, ""),
        ("warp", "fake", RISES, ""),
        ("density", "paper", FALLS, ""),
        ("trails", "fake", RISES, ""),
        ("samples", "real", FALLS, LINE),
        ("heat", "paper", RISES, LINE),
        ("arrows", "ink", FALLS, LINE),
        ("warp", "paper", FALLS, LINE),
        ("density", "fake", FALLS, LINE),  # on from the start
        ("trails", "ink", RISES, LINE),
    ],
)
def test_a_layer_puts_its_colour_into_the_picture_and_takes_it_away(game, layer, colour, way, query):
    game.open(f"?batch=64&hidden=32&{query}")
    if layer in ("density", "warp", "trails"):
        game.page.click("[data-layer=heat]")
    game.play_to(60)

    def count():
        return game.page.locator(".pg").evaluate(COUNT, COLOURS[colour])

    def settled():
        seen = [count()]
        while len(seen) < 3 or len(set(seen[-3:])) > 1:
            game.page.wait_for_timeout(150)
            seen.append(count())
        return seen[-1]

    before = settled()
    game.page.click(f"[data-layer={layer}]")
    game.until(lambda: count() != before)
    assert (settled() > before) == (way == RISES)
    game.page.click(f"[data-layer={layer}]")
    game.until(lambda: count() == before)


def test_on_the_line_density_and_d_are_both_there_and_in_the_plane_one_covers_the_other(game, expect):
    heat, density = (game.page.locator(f"[data-layer={name}]") for name in ("heat", "density"))
    game.open("?data=normal")
    expect(density).to_have_attribute("aria-pressed", "true")
    for pressed in ("false", "true"):
        density.click()
        expect(density).to_have_attribute("aria-pressed", pressed)
        expect(heat).to_have_attribute("aria-pressed", "true")
    game.choose("data", "ring")
    expect(density).to_have_attribute("aria-pressed", "false")
    expect(heat).to_have_attribute("aria-pressed", "true")
    density.click()
    expect(heat).to_have_attribute("aria-pressed", "false")
    heat.click()
    expect(density).to_have_attribute("aria-pressed", "false")


NODES = {
    "z": "warp", "generator": "warp", "samples": "samples", "density": "density", "data": "samples",
    "discriminator": "heat", "costs": "arrows", "gradients": "arrows",
}  # fmt: skip


OTHER = {"true": "false", "false": "true"}


def test_every_node_of_the_graph_switches_its_layer(game, expect):
    game.open().at(0)
    expect(game.page.locator("[data-node]")).to_have_count(len(NODES))
    for node, layer in NODES.items():
        button, own = game.page.locator(f"[data-layer={layer}]"), game.page.locator(f"[data-node={node}]")
        before = button.get_attribute("aria-pressed")
        for pressed in (OTHER[before], before):
            own.click()
            expect(button).to_have_attribute("aria-pressed", pressed)
            expect(own).to_have_attribute("aria-pressed", pressed)


def test_nodes_of_the_graph_are_reached_and_pressed_by_keyboard(game, expect):
    game.open().at(0)
    game.page.locator("[data-node=z]").focus()
    for node in [*NODES][1:]:
        game.page.keyboard.press("Tab")
        expect(game.page.locator(f"[data-node={node}]")).to_be_focused()
    arrows = game.page.locator("[data-layer=arrows]")
    for key, pressed in (("Enter", "false"), ("Space", "true")):
        game.page.keyboard.press(key)
        expect(arrows).to_have_attribute("aria-pressed", pressed)
    expect(game.page.locator("[data-node=gradients]")).to_be_focused()
    game.page.keyboard.press("ArrowRight")
    game.at(1)  # Space was the node's, and nothing has played
    expect(game.page.get_by_role("button", name="Gradients, back to G")).to_have_count(1)


def test_keys_1_to_6_switch_the_layers(game, expect):
    game.open().at(0)
    buttons = game.page.locator("[data-layer]").all()
    assert len(buttons) == 6
    for i in (0, 1, 2, 3, 5, 4):  # the density last: it takes the place of D
        before = buttons[i].get_attribute("aria-pressed")
        game.page.keyboard.press(str(i + 1))
        expect(buttons[i]).to_have_attribute("aria-pressed", OTHER[before])
