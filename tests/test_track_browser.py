"""Does the shop front keep what a shopper does in a real browser exactly as far as they agreed?"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from running_gateway import ANNA, Gateway, running_gateway

from bot.shoppers.events import Event
from knowledge_base.products import Product

CHROMIUM = os.environ.get("STOREKEEP_TEST_CHROMIUM", "/usr/bin/chromium")
pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        not Path(CHROMIUM).exists(), reason=f"no browser at {CHROMIUM}; install Debian's chromium"
    ),
]
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)
LAMP = Product("L-1", "Ovelle Lamp", "Ovelle", "Lamps", 4990, "EUR", 3, {}, (), "It shines.")
STORE = "JSON.parse(localStorage['storekeep:events'] || '{}')"
WAIT_SECONDS = 8.0


class Front:
    """The shop front in a browser, and what the shop's database has of it."""

    def __init__(self, gateway: Gateway, page: Page) -> None:
        self.gateway = gateway
        self.page = page
        self.complaints: list[str] = []
        self.sent: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.sent.append(request.url))

    async def open(self, path: str = "/") -> None:
        await self.page.goto(str(self.gateway.client.make_url("/")).rstrip("/") + path)

    async def answer(self, words: str) -> None:
        await self.page.get_by_role("button", name=words).click()

    async def sign_in(self, name: str) -> None:
        await self.page.get_by_label("Signed in as").select_option(label=name)
        await self.page.get_by_role("button", name="Switch").click()
        await self.page.wait_for_load_state()

    async def stored(self, count: int) -> tuple[Event, ...]:
        """The events, once there are so many; then a little later, so that more would be seen."""
        events = self.gateway.shop.events
        for _ in range(int(WAIT_SECONDS / 0.05)):
            if events.count() >= count:
                break
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        found = events.events()
        assert len(found) == count, [event.name for event in found]
        return found

    async def anonymous_id(self) -> str | None:
        found: str | None = await self.page.evaluate(f"{STORE}.id ?? null")
        return found

    def told(self) -> list[str]:
        return [url for url in self.sent if url.endswith("/api/events")]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def context(browser: Browser) -> BrowserContext:
    context = await browser.new_context()
    context.set_default_timeout(10_000)
    return context


@pytest.fixture
async def front(context: BrowserContext, tmp_path: Path) -> AsyncIterator[Front]:
    async with running_gateway(tmp_path, demo=True) as gateway:
        gateway.shop.catalogue.put_products([LAMP])
        yield Front(gateway, await context.new_page())


def names(events: tuple[Event, ...]) -> list[str]:
    return sorted(event.name for event in events)


async def test_before_an_answer_nothing_is_sent_or_kept_in_the_browser(front: Front) -> None:
    await front.open("/products/L-1")
    await expect(front.page.get_by_role("region", name="Shall we remember")).to_be_visible()
    await front.open("/?q=lamp")
    await front.stored(0)
    assert front.told() == []
    assert await front.page.evaluate("Object.keys(localStorage)") == []


async def test_after_a_yes_what_is_viewed_listed_and_searched_is_stored(front: Front) -> None:
    await front.open("/products/L-1")
    await front.answer("Yes, remember")
    await expect(front.page.get_by_role("region", name="Shall we remember")).to_be_hidden()
    first = await front.stored(2)
    assert names(first) == ["Page Viewed", "Product Viewed"]
    await front.open("/?q=lamp for a@mail.example")
    await front.open("/?category=Lamps")
    events = await front.stored(6)
    assert names(events) == [
        "Page Viewed",
        "Page Viewed",
        "Page Viewed",
        "Product List Viewed",
        "Product Viewed",
        "Products Searched",
    ]
    assert {event.anonymous_id for event in events} == {await front.anonymous_id()}
    by_name = {event.name: event for event in events}
    assert by_name["Product Viewed"].sku == "L-1"
    assert by_name["Products Searched"].properties == {"query": "lamp for [email]"}
    assert by_name["Product List Viewed"].properties == {"category": "Lamps"}
    assert [text for text in front.complaints if "recommendations" not in text and "503" not in text] == []


async def test_a_no_is_remembered_and_nothing_told(front: Front) -> None:
    await front.open("/products/L-1")
    await front.answer("No, thanks")
    await front.open("/")
    await expect(front.page.get_by_role("button", name="Your privacy choice")).to_be_visible()
    await expect(front.page.get_by_role("region", name="Shall we remember")).to_be_hidden()
    await front.stored(0)
    assert front.told() == []
    assert await front.anonymous_id() is None


async def test_who_takes_a_yes_back_is_forgotten(front: Front) -> None:
    await front.open("/products/L-1")
    await front.answer("Yes, remember")
    await front.stored(2)
    await front.answer("Your privacy choice")
    await front.answer("No, thanks")
    for _ in range(100):
        if front.gateway.shop.events.count() == 0:
            break
        await asyncio.sleep(0.05)
    await front.open("/products/L-1")
    await front.stored(0)


@pytest.mark.parametrize(("name", "value"), [("doNotTrack", "'1'"), ("globalPrivacyControl", "true")])
async def test_a_browser_that_wants_no_tracking_is_not_even_asked(
    front: Front, context: BrowserContext, name: str, value: str
) -> None:
    await context.add_init_script(f"Object.defineProperty(navigator, '{name}', {{ get: () => {value} }})")
    await front.open("/products/L-1")
    await expect(front.page.get_by_role("heading", name="Ovelle Lamp")).to_be_visible()
    await expect(front.page.get_by_role("region", name="Shall we remember")).to_be_hidden()
    await front.page.evaluate("storekeep.consent(true); storekeep.track('Product Viewed', { sku: 'L-1' })")
    await front.stored(0)
    assert front.told() == []


async def test_what_a_guest_did_becomes_the_customers_who_signs_in(front: Front) -> None:
    front.gateway.shop.consents.decide(ANNA.id, True, "test")
    await front.open("/products/L-1")
    await front.answer("Yes, remember")
    await front.stored(2)
    guest = await front.anonymous_id()
    await front.sign_in(ANNA.name)
    events = await front.stored(4)
    assert {event.customer_id for event in events} == {ANNA.id}
    assert {event.anonymous_id for event in events} == {guest}
    await front.sign_in("Guest")
    events = await front.stored(6)
    after = [event for event in events if event.customer_id is None]
    assert len(after) == 2
    assert await front.anonymous_id() not in (None, guest)


async def test_a_guests_yes_is_no_customers_yes(front: Front) -> None:
    await front.open("/products/L-1")
    await front.answer("Yes, remember")
    await front.stored(2)
    await front.sign_in(ANNA.name)
    await expect(front.page.get_by_role("region", name="Shall we remember")).to_be_visible()
    await front.stored(2)
    assert not front.gateway.shop.consents.may_profile(ANNA.id)
    await front.answer("Yes, remember")
    events = await front.stored(4)
    assert {event.customer_id for event in events} == {ANNA.id}
    assert front.gateway.shop.consents.may_profile(ANNA.id)


async def test_a_customer_takes_the_consent_back_in_the_footer(front: Front) -> None:
    front.gateway.shop.consents.decide(ANNA.id, True, "test")
    front.gateway.clock.time += timedelta(hours=1)
    await front.open("/products/L-1")
    await front.sign_in(ANNA.name)
    await front.stored(2)
    await front.answer("Your privacy choice")
    await front.answer("No, thanks")
    for _ in range(100):
        if not front.gateway.shop.consents.may_profile(ANNA.id):
            break
        await asyncio.sleep(0.05)
    await front.open("/products/L-1")
    await front.stored(0)
    assert [d.is_given for d in front.gateway.shop.consents.decisions(ANNA.id)] == [True, False]


async def test_what_cannot_be_sent_is_kept_and_sent_once(front: Front, context: BrowserContext) -> None:
    await front.open("/products/L-1")
    refuse: Any = lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}, body="{}")  # noqa: E731
    await context.route("**/api/events", refuse)
    await front.answer("Yes, remember")
    await asyncio.sleep(1)
    assert await front.page.evaluate(f"{STORE}.queue.length") == 2
    await context.unroute("**/api/events", refuse)
    await front.page.reload()
    assert names(await front.stored(4)).count("Product Viewed") == 2
    assert await front.page.evaluate(f"{STORE}.queue.length") == 0


async def test_the_chat_of_a_browser_that_agreed_is_known_by_its_id(front: Front) -> None:
    await front.open("/")
    await front.answer("Yes, remember")
    await front.stored(1)
    await front.page.get_by_role("button", name="Ask Larkfield Supply").click()
    field = front.page.get_by_role("textbox", name="Your message")
    await field.fill("hello")
    await field.press("Enter")
    await expect(front.page.get_by_text("echo: hello")).to_be_visible()
    events = await front.stored(2)
    assert names(events) == ["Message Sent", "Page Viewed"]
    assert {event.anonymous_id for event in events} == {await front.anonymous_id()}
