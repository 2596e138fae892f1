"""Do the shop front's shelves fill, keep their place, and go where there is nothing to show?"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect
from recommendation_fakes import FakeRecommender
from running_gateway import ANNA, NOON, Gateway, running_gateway

from bot.shoppers.events import Event
from knowledge_base.products import Product

CHROMIUM = os.environ.get("STOREKEEP_TEST_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run"
)
HOSTILE = "<img src=x onerror=\"document.title='taken'\">"
SHELF = tuple(
    Product(f"OFF-{n}", f"Stavell Lamp {n}", "Stavell", "Office", 4950, "EUR", 3, {}, (), "")
    for n in range(6)
)

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        not Path(CHROMIUM).exists(), reason=f"no browser at {CHROMIUM}; install Debian's chromium"
    ),
]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser) -> Page:
    page = await browser.new_page()
    page.set_default_timeout(10_000)
    return page


@pytest.fixture
def recommender() -> FakeRecommender:
    return FakeRecommender(SHELF)


@pytest.fixture
async def gateway(tmp_path: Path, recommender: FakeRecommender) -> AsyncIterator[Gateway]:
    async with running_gateway(tmp_path, load_recommender=lambda: recommender, demo=True) as gateway:
        gateway.shop.catalogue.put_products(SHELF)
        yield gateway


def address(gateway: Gateway, path: str = "/") -> str:
    return str(gateway.client.make_url(path))


async def test_a_guest_sees_what_is_popular_with_reasons_and_nothing_jumps(
    page: Page, gateway: Gateway
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    await page.goto(address(gateway))
    shelf = page.get_by_role("region", name="Popular now")
    tiles = shelf.get_by_role("link")
    await expect(tiles).to_have_count(4)
    await expect(tiles.first).to_contain_text("Many look at it.")
    await expect(tiles.first).to_contain_text("49.50 EUR")
    await expect(tiles.first).to_have_attribute("href", "/products/OFF-5")
    shift = await page.evaluate(
        "new Promise(done => { let sum = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => { sum += entry.value })).observe({type: 'layout-shift', buffered: true}); "
        "setTimeout(() => done(sum), 200) })"
    )
    assert (shift < 0.02, complaints) == (True, [])


async def test_who_is_signed_in_sees_what_is_for_them(page: Page, gateway: Gateway) -> None:
    gateway.shop.consents.decide(ANNA.id, True, "site")
    gateway.shop.events.record([Event("e1", "Product Viewed", NOON, ANNA.id, None, "OFF-1")])
    await page.goto(address(gateway))
    await page.get_by_label("Signed in as").select_option(label=ANNA.name)
    await page.get_by_role("button", name="Switch").click()
    await expect(page.get_by_role("region", name="For you").get_by_role("link")).to_have_count(4)


async def test_a_product_page_shows_what_is_alike_and_no_shelf_without_products(
    page: Page, gateway: Gateway
) -> None:
    await page.goto(address(gateway, "/products/OFF-1"))
    await expect(page.get_by_role("region", name="Similar").get_by_role("link")).to_have_count(4)
    await expect(page.get_by_role("region", name="Goes well with")).to_have_count(0)


async def test_on_an_error_there_is_no_shelf(
    page: Page, gateway: Gateway, recommender: FakeRecommender
) -> None:
    recommender.fails = True
    await page.goto(address(gateway))
    await expect(page.locator(".live")).to_have_count(0)
    await expect(page.get_by_role("heading", name="Office")).to_be_visible()


async def test_without_scripts_the_page_has_all_else(browser: Browser, gateway: Gateway) -> None:
    page = await browser.new_page(java_script_enabled=False)
    await page.goto(address(gateway))
    await expect(page.locator(".live")).to_be_hidden()
    await expect(page.get_by_role("heading", name="Office")).to_be_visible()


async def test_names_and_reasons_are_text(page: Page, gateway: Gateway, recommender: FakeRecommender) -> None:
    hostile = Product("OFF-1", HOSTILE, "Stavell", "Office", 4950, "EUR", 3, {}, (), "")
    gateway.shop.catalogue.put_products([hostile])
    recommender.products = (hostile,)
    await page.goto(address(gateway))
    await expect(page.get_by_role("region", name="Popular now")).to_contain_text(HOSTILE)
    assert await page.title() == "Larkfield Supply"
