"""A shopper in a real browser before the real shop: chats, reloads, loses the connection."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect
from running_shop import RunningShop

CHROMIUM = os.environ.get("STOREKEEP_TEST_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run"
)
ANSWER_MILLISECONDS = 30_000

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        not Path(CHROMIUM).exists(), reason=f"no browser at {CHROMIUM}; install Debian's chromium"
    ),
]


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        page = await browser.new_page()
        page.set_default_timeout(ANSWER_MILLISECONDS)
        expect.set_options(timeout=ANSWER_MILLISECONDS)
        yield page
        await browser.close()


async def open_chat(page: Page) -> Locator:
    await page.get_by_role("button", name="Ask Larkfield Supply").click()
    return page.get_by_role("log")


async def say(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="Your message")
    await field.fill(text)
    await field.press("Enter")


async def test_a_question_on_a_product_page_is_answered_with_the_marked_words_of_that_page(
    page: Page, whole_shop: RunningShop
) -> None:
    await page.goto(f"{whole_shop.address}/products/RUN-001")
    log = await open_chat(page)

    await say(page, "how heavy is it?")

    await expect(log.locator("mark")).to_contain_text("268 g")
    await expect(log.get_by_role("link", name="Tarnwick Ridge Trail Shoe").first).to_be_visible()


async def test_the_conversation_is_there_after_a_reload_once(page: Page, whole_shop: RunningShop) -> None:
    await page.goto(whole_shop.address)
    log = await open_chat(page)
    await say(page, "hello")
    await expect(log.locator(".reply")).to_have_count(2)
    before = await log.inner_text()

    await page.reload()
    if not await page.get_by_role("log").is_visible():
        await open_chat(page)

    await expect(page.get_by_role("log").locator(".said")).to_have_count(1)
    await expect(page.get_by_role("log").locator(".reply")).to_have_count(2)
    assert "hello" in before


async def test_what_is_sent_without_a_connection_is_answered_once_when_it_is_back(
    page: Page, whole_shop: RunningShop
) -> None:
    await page.goto(whole_shop.address)
    log = await open_chat(page)
    await say(page, "hello")
    await expect(log.locator(".reply")).to_have_count(2)

    await page.context.set_offline(True)
    await say(page, "thanks")
    await page.wait_for_timeout(1500)
    await page.context.set_offline(False)

    await expect(log.locator(".reply")).to_have_count(3)
    await page.wait_for_timeout(1500)
    await expect(log.locator(".said")).to_have_count(2)
    await expect(log.locator(".reply")).to_have_count(3)


async def test_a_signed_in_customer_is_shown_the_order(page: Page, whole_shop: RunningShop) -> None:
    await page.goto(whole_shop.address)
    await page.get_by_label("Signed in as").select_option(label="Anna Keller")
    await page.get_by_role("button", name="Switch").click()
    log = await open_chat(page)

    await say(page, "where is my order LK-100001?")

    await expect(log).to_contain_text("LK-100001")
    await expect(log).to_contain_text("Nordpost")


async def test_a_click_on_a_card_says_that_it_is_not_for_them_and_brings_another(
    page: Page, whole_shop: RunningShop
) -> None:
    await page.goto(whole_shop.address)
    log = await open_chat(page)
    await say(page, "recommend me something")
    card = log.get_by_role("article").first
    await expect(card.locator(".why")).to_be_visible()
    name = await card.get_attribute("aria-label")
    before = await log.get_by_role("article").count()

    await card.get_by_role("button", name="Not for me").click()

    await expect(log.locator(".said").last).to_contain_text(f"Not for me: {name}")
    await expect(log.locator(".reply").last).to_contain_text(f"{name}")
    await expect(log.get_by_role("article")).to_have_count(before + 1)
    assert await log.get_by_role("article").last.get_attribute("aria-label") != name
