"""The front page: it opens every page, says what each is for, and shows a picture of each."""

import os
import time

import pytest

pytest.importorskip("streamlit", reason="streamlit is not installed: pip install 'gansmith[studio]'")

from gansmith.studio import front
from gansmith.studio.look import ASSETS, picture

CARDS = [one for one in vars(front).values() if isinstance(one, front.Card)]


@pytest.mark.parametrize("card", CARDS, ids=lambda one: one.title)
def test_a_card_says_what_its_page_is_for_and_what_to_try(card):
    assert card.title and card.purpose.endswith(".") and card.first.endswith(".") and card.button
    if card.picture:
        assert (ASSETS / card.picture).stat().st_size < 40_000 and picture(card.picture).startswith("<img")
    assert picture("") == ""


PAGES = {
    "Open the playground": ".pg[data-step]",
    "Take the test": ".qz .pictures img",
    "Move a face": ".fc[data-answers]",
}


@pytest.mark.parametrize("button", PAGES)
def test_every_page_opens_from_the_front_without_an_error(page, studio, button):
    page.goto(studio)
    page.get_by_role("link", name=button).wait_for(timeout=120_000)
    page.locator(".gs-card img").nth(2).wait_for(timeout=120_000)  # cards arrive one after another
    page.get_by_role("link", name=button).click()
    page.wait_for_selector(PAGES[button], timeout=120_000)
    spent = min(seconds_to(page, PAGES[button]) for _ in range(2))  # warm now
    assert spent < (3 if os.getloadavg()[0] < 2 else 60), spent
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.locator("[role=alert]:visible").count() == 0


def seconds_to(page, selector):
    start = time.monotonic()
    page.reload()
    page.wait_for_selector(selector, timeout=120_000)
    return time.monotonic() - start
