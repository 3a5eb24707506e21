"""The front page: it opens every page, says what each is for, and shows a picture of each."""

import time

import pytest

pytest.importorskip("streamlit", reason="streamlit is not installed: pip install 'gansmith[studio]'")

from gansmith.studio import front
from gansmith.studio.look import ASSETS, picture

CARDS = [one for one in vars(front).values() if isinstance(one, front.Card)]


@pytest.mark.parametrize("card", CARDS, ids=lambda one: one.title)
def test_a_card_says_what_its_page_is_for_and_what_to_try(card):
    assert card.title and card.purpose.endswith(".") and card.first.endswith(".") and card.button
    assert (ASSETS / card.picture).stat().st_size < 40_000 and picture(card.picture).startswith("<img")
    assert len({one.picture for one in CARDS}) == len(CARDS) and picture("") == ""


PAGES = {
    "Open the playground": ".pg[data-step]",
    "Take the test": ".qz .pictures img",
    "Move a face": ".fc[data-answers]",
    "Paint over a face": ".ed[data-answers]",
    "Walk through it": "[data-testid=stImage] img",
}


@pytest.mark.parametrize("button", PAGES)
def test_every_page_opens_from_the_front_without_an_error(page, studio, button):
    page.goto(studio)
    page.get_by_role("link", name=button).wait_for(timeout=120_000)
    page.locator(".gs-card img").nth(4).wait_for(timeout=120_000)  # cards arrive one after another
    page.get_by_role("link", name=button).click()
    page.wait_for_selector(PAGES[button], timeout=120_000)
    assert quickest(page, PAGES[button]) < 3  # warm now
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.locator("[role=alert]:visible").count() == 0


def quickest(page, selector, tries=12):
    """Return the seconds of the quickest of several tries, which end as soon as one takes less than three."""
    spent = [seconds_to(page, selector)]
    while min(spent) >= 3 and len(spent) < tries:
        page.wait_for_timeout(2000)  # other work on the machine comes and goes
        spent.append(seconds_to(page, selector))
    return min(spent)


def seconds_to(page, selector):
    start = time.monotonic()
    page.reload()
    page.wait_for_selector(selector, timeout=120_000)
    return time.monotonic() - start


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_a_laptop_shows_every_card_whole(page, studio, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(studio)
    page.get_by_text("nothing else is read").wait_for(timeout=120_000)
    page.locator(".gs-card img").nth(4).wait_for(timeout=120_000)
    page.wait_for_function(
        """() => {
            const all = [...document.querySelectorAll('.gs-card, [data-testid=stPageLink], .gs-note')];
            const loaded = [...document.querySelectorAll('.gs-card img')].every((one) => one.naturalWidth > 0);
            return loaded && all.length === 11 && all.every((one) => one.getBoundingClientRect().bottom < innerHeight);
        }""",
        timeout=30_000,
    )
