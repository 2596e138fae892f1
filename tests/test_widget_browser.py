"""Does the widget keep its promises in a real browser, whatever the connection and the texts do?"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from fake_gateway import FakeGateway, Messages
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

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
HOSTILE = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
Serve = Callable[..., Awaitable[TestServer]]


@dataclass
class Chat:
    """A page with the widget, and what its browser complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    async def open(self, url: str) -> None:
        await self.page.goto(url)
        await self.page.get_by_role("button", name="Ask the shop").click()

    async def say(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name="Your message")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    async def lines(self) -> list[str]:
        """What was said and replied, in order, without the greeting."""
        said = await self.log.locator(".said, .reply").all_inner_texts()
        return [
            line.replace("You: ", "").replace("Shop: ", "").replace("\n", " ").strip() for line in said[1:]
        ]


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
async def chat(context: BrowserContext) -> Chat:
    chat = Chat(await context.new_page())
    chat.page.on("console", lambda message: chat.complaints.append(message.text))
    chat.page.on("pageerror", lambda error: chat.complaints.append(str(error)))
    return chat


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
async def url(gateway: FakeGateway, aiohttp_server: Serve) -> str:
    return str((await aiohttp_server(gateway.application())).make_url("/"))


async def test_a_message_is_answered_on_a_strict_page_without_a_complaint(chat: Chat, url: str) -> None:
    await chat.open(url)
    await chat.say("Hello\nthere")
    await expect(chat.log.get_by_text("You said: Hello")).to_be_visible()
    await expect(chat.log.locator(".state svg")).to_have_count(1)
    assert chat.complaints == []


async def test_a_reload_and_another_page_keep_the_history(chat: Chat, url: str) -> None:
    await chat.open(url)
    await chat.say("one")
    await expect(chat.log.get_by_text("You said: one")).to_be_visible()
    await chat.page.goto(url + "other")
    await expect(chat.log.get_by_text("You said: one")).to_be_visible()
    await chat.page.reload()
    await chat.say("two")
    await expect(chat.log.get_by_text("You said: two")).to_be_visible()
    assert await chat.lines() == ["one", "You said: one", "two", "You said: two"]


async def test_a_cut_connection_loses_and_doubles_nothing(chat: Chat, gateway: FakeGateway, url: str) -> None:
    await chat.open(url)
    await chat.say("before")
    await expect(chat.log.get_by_text("You said: before")).to_be_visible()
    gateway.lose_replies = 1
    await chat.say("during")
    await expect(chat.log.get_by_text("You said: during")).to_be_visible()
    gateway.refuse_all = True
    await gateway.cut()
    await chat.say("down one")
    await chat.say("down two")
    await expect(chat.page.get_by_text("No connection.")).to_be_visible()
    gateway.refuse_all = False
    await expect(chat.log.get_by_text("You said: down two")).to_be_visible(timeout=15_000)
    await expect(chat.page.get_by_text("No connection.")).to_be_hidden()
    told = ["before", "during", "down one", "down two"]
    assert gateway.taken == told
    assert await chat.lines() == [line for text in told for line in (text, f"You said: {text}")]


async def test_messages_written_without_a_connection_survive_a_reload(
    chat: Chat, gateway: FakeGateway, url: str
) -> None:
    await chat.open(url)
    await chat.say("first")
    await expect(chat.log.get_by_text("You said: first")).to_be_visible()
    gateway.refuse_all = True
    await gateway.cut()
    await chat.say("kept")
    await chat.page.reload()
    await expect(chat.log.get_by_text("Not sent yet")).to_be_visible()
    gateway.refuse_all = False
    await expect(chat.log.get_by_text("You said: kept")).to_be_visible(timeout=15_000)
    assert await chat.lines() == ["first", "You said: first", "kept", "You said: kept"]
    assert gateway.taken == ["first", "kept"]


async def test_without_sockets_the_chat_goes_over_plain_http(
    chat: Chat, gateway: FakeGateway, url: str
) -> None:
    gateway.refuse_sockets = True
    await chat.open(url)
    await chat.say("one")
    await chat.say("two")
    await expect(chat.log.get_by_text("You said: two")).to_be_visible()
    assert await chat.lines() == ["one", "You said: one", "two", "You said: two"]


async def test_a_busy_server_gets_the_message_again_under_the_same_id(
    chat: Chat, gateway: FakeGateway, url: str
) -> None:
    gateway.refuse_sockets = True
    gateway.refusals = [503, 429]
    await chat.open(url)
    await chat.say("patience")
    await expect(chat.log.get_by_text("You said: patience")).to_be_visible()
    assert gateway.taken == ["patience"]


@pytest.mark.parametrize(("status", "words"), [(409, "clashed with an earlier one"), (422, "could not read")])
async def test_a_refused_message_says_why_and_can_be_tried_again(
    chat: Chat, gateway: FakeGateway, url: str, status: int, words: str
) -> None:
    gateway.refusals = [status]
    await chat.open(url)
    await chat.say("hm")
    await expect(chat.log.get_by_text(words)).to_be_visible()
    await chat.page.get_by_role("button", name="Try again").click()
    await expect(chat.log.get_by_text("You said: hm")).to_be_visible()
    assert await chat.lines() == ["hm", "You said: hm"]


async def test_an_expired_session_is_replaced_with_a_notice(
    chat: Chat, gateway: FakeGateway, url: str
) -> None:
    await chat.open(url)
    await chat.say("old")
    await expect(chat.log.get_by_text("You said: old")).to_be_visible()
    gateway.turns.clear()
    await gateway.cut()
    await chat.say("new")
    await expect(chat.log.get_by_text("You said: new")).to_be_visible()
    await expect(chat.log.get_by_text("we started a new one")).to_have_count(1)


async def test_a_customer_has_a_talk_of_their_own_and_gets_it_back(
    chat: Chat, gateway: FakeGateway, url: str
) -> None:
    await chat.open(url)
    await chat.say("as guest")
    await expect(chat.log.get_by_text("You said: as guest")).to_be_visible()
    await chat.page.goto(url + "?customer=anna")
    await chat.say("as Anna")
    await expect(chat.log.get_by_text("You said: as Anna")).to_be_visible()
    assert await chat.lines() == ["as Anna", "You said: as Anna"]
    await chat.page.goto(url)
    await expect(chat.log.get_by_text("You said: as guest")).to_be_visible()
    assert await chat.lines() == ["as guest", "You said: as guest"]
    assert list(gateway.customers.values()) == [None, "anna"]


async def test_a_refused_sign_in_goes_on_as_a_guest_and_says_so(
    chat: Chat, gateway: FakeGateway, url: str
) -> None:
    await chat.open(url + "?customer=expired")
    await chat.say("hello")
    await expect(chat.log.get_by_text("You said: hello")).to_be_visible()
    await expect(chat.log.get_by_text("chatting as a guest")).to_be_visible()
    assert list(gateway.customers.values()) == [None]


async def test_two_tabs_of_one_talk_stay_the_same(chat: Chat, context: BrowserContext, url: str) -> None:
    await chat.open(url)
    await chat.say("here")
    await expect(chat.log.get_by_text("You said: here")).to_be_visible()
    other = Chat(await context.new_page())
    await other.open(url)
    await expect(other.log.get_by_text("You said: here")).to_be_visible()
    await other.say("there")
    await expect(chat.log.get_by_text("You said: there")).to_be_visible()
    assert await chat.lines() == await other.lines() == ["here", "You said: here", "there", "You said: there"]


async def test_hostile_texts_are_shown_as_they_are(chat: Chat, gateway: FakeGateway, url: str) -> None:
    card = {
        "kind": "product",
        "title": HOSTILE,
        "subtitle": HOSTILE,
        "price": HOSTILE,
        "url": "javascript:alert(1)",
        "reason": HOSTILE,
        "buttons": [{"title": "Not for me", "payload": HOSTILE}],
    }
    source = {
        "kind": "source",
        "title": HOSTILE,
        "url": "data:text/html,x",
        "passage": HOSTILE,
        "start": 0,
        "end": 4,
    }
    buttons = [{"title": HOSTILE, "payload": HOSTILE}]
    gateway.answer = lambda _text: [
        {"text": HOSTILE, "cards": [card, source, {"kind": "constructor"}], "buttons": buttons}
    ]
    await chat.open(url)
    await chat.say(HOSTILE)
    await expect(chat.log.get_by_role("button", name=HOSTILE, exact=True)).to_be_visible()
    assert await chat.lines() == [HOSTILE, HOSTILE]
    assert await chat.page.title() == "A shop"
    assert await chat.log.locator("a, img, script").count() == 0
    assert chat.complaints == []


async def test_only_http_links_of_a_text_become_links(chat: Chat, gateway: FakeGateway, url: str) -> None:
    text = "See https://larkfield.example/a?b=1. Not javascript:alert(1) or ftp://x.example"
    gateway.answer = lambda _text: [{"text": text}]
    await chat.open(url)
    await chat.say("links?")
    link = chat.log.get_by_role("link")
    await expect(link).to_have_attribute("href", "https://larkfield.example/a?b=1")
    await expect(link).to_have_attribute("rel", "noopener nofollow")
    assert await chat.lines() == ["links?", text]


async def test_a_source_card_marks_the_answer_by_characters(
    chat: Chat, gateway: FakeGateway, url: str
) -> None:
    passage = "😀 It weighs 268 g per shoe."
    card = {
        "kind": "source",
        "title": "Ridge",
        "url": "/products/RUN-001",
        "passage": passage,
        "start": 12,
        "end": 17,
    }
    gateway.answer = lambda _text: [{"text": "268 g", "cards": [card]}]
    await chat.open(url)
    await chat.say("weight?")
    await expect(chat.log.locator("mark")).to_have_text("268 g")
    await expect(chat.log.get_by_role("link", name="Ridge")).to_have_attribute(
        "href", url + "products/RUN-001"
    )


async def test_an_order_card_tells_which_steps_are_done(chat: Chat, gateway: FakeGateway, url: str) -> None:
    steps = [
        {"label": "Placed", "at": "2026-11-20", "done": True},
        {"label": "Shipped", "at": None, "done": False},
    ]
    card = {
        "kind": "order",
        "number": "LK-100001",
        "state": "placed",
        "title": "Order LK-100001",
        "steps": steps,
    }
    gateway.answer = lambda _text: [
        {"text": "", "cards": [{**card, "lines": ["1 x Shoe"], "total": "9.00 EUR"}]}
    ]
    await chat.open(url)
    await chat.say("order?")
    shown = chat.log.locator(".card")
    await expect(shown).to_contain_text("Order LK-100001")
    assert await shown.locator("li").all_text_contents() == [
        "Placed (done)Nov 20",
        "Shipped (to come)",
        "1 x Shoe",
    ]
    await expect(shown.locator(".sum")).to_have_text("Total9.00 EUR")


async def test_a_recommended_product_says_why_and_its_buttons_speak_for_the_shopper(
    chat: Chat, gateway: FakeGateway, url: str
) -> None:
    card = {
        "kind": "product",
        "sku": "S",
        "title": "Ridge",
        "price": "9.00 EUR",
        "url": "/products/S",
        "reason": "Because you looked at Causeway.",
        "buttons": [
            {"title": "More like this", "payload": "Show me more like Ridge"},
            {"title": "Not for me", "payload": "Not for me: Ridge"},
        ],
    }
    gateway.answer = lambda text: [{"text": f"You said: {text}", "cards": [card]}]
    await chat.open(url)
    await chat.say("hello")
    product = chat.log.get_by_role("article", name="Ridge").first
    await expect(product.get_by_text("Because you looked at Causeway.")).to_be_visible()
    await product.get_by_role("button", name="Not for me: Ridge").click()
    await expect(chat.log.get_by_text("You said: Not for me: Ridge")).to_be_visible()
    await product.get_by_role("link").focus()
    await chat.page.keyboard.press("Tab")
    await chat.page.keyboard.press("Enter")
    await expect(chat.log.get_by_text("You said: Show me more like Ridge")).to_be_visible()
    assert gateway.taken == ["hello", "Not for me: Ridge", "Show me more like Ridge"]
    assert chat.complaints == []


async def test_the_code_of_an_offer_stands_on_its_own_line_outside_of_the_link(
    chat: Chat, gateway: FakeGateway, url: str
) -> None:
    card = {"kind": "product", "sku": "S", "title": "Ridge", "price": "9.00 EUR", "url": "/products/S"}
    gateway.answer = lambda _text: [
        {"text": "Look", "cards": [{**card, "reason": "Code: RIDGE15\nUntil 5 December"}]}
    ]
    await chat.open(url)
    await chat.say("offers?")
    product = chat.log.get_by_role("article", name="Ridge")
    await expect(product.locator(".why")).to_be_visible()
    assert await product.locator(".why").inner_text() == "Code: RIDGE15\nUntil 5 December"
    assert "RIDGE15" not in await product.get_by_role("link").inner_text()


async def test_a_product_card_is_one_link_with_picture_and_price(
    chat: Chat, gateway: FakeGateway, url: str
) -> None:
    card = {"kind": "product", "sku": "S", "title": "Ridge", "subtitle": "Trail", "price": "9.00 EUR"}
    gateway.answer = lambda _text: [
        {"text": "Look", "cards": [{**card, "url": "/s", "image": "/picture.svg"}]}
    ]
    await chat.open(url)
    await chat.say("shoes?")
    link = chat.log.get_by_role("group", name="Products").get_by_role("link")
    await expect(link).to_have_attribute("href", url + "s")
    await expect(link).to_have_text("RidgeTrail9.00 EUR")
    await expect(link.locator("img")).to_have_attribute("src", url + "picture.svg")
    assert chat.complaints == []


async def test_a_quick_reply_is_sent_as_the_next_message(chat: Chat, gateway: FakeGateway, url: str) -> None:
    def answer(text: str) -> Messages:
        return [{"text": f"Heard {text}", "buttons": [{"title": "Yes please", "payload": "yes"}]}]

    gateway.answer = answer
    await chat.open(url)
    await chat.say("sure?")
    await chat.page.get_by_role("button", name="Yes please").click()
    await expect(chat.log.get_by_text("Heard yes")).to_be_visible()
    assert await chat.lines() == ["sure?", "Heard sure?", "yes", "Heard yes"]
    await expect(chat.page.get_by_role("button", name="Yes please")).to_have_count(1)


async def test_the_whole_chat_works_with_the_keyboard_alone(chat: Chat, url: str) -> None:
    await chat.page.goto(url)
    keyboard = chat.page.keyboard
    await keyboard.press("Tab")
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await expect(chat.page.get_by_role("dialog", name="Ask the shop")).to_be_visible()
    await expect(chat.field).to_be_focused()
    await keyboard.type("line one")
    await keyboard.press("Shift+Enter")
    await keyboard.type("line two")
    await keyboard.press("Enter")
    await expect(chat.log.get_by_text("You said: line one")).to_be_visible()
    assert await chat.lines() == ["line one line two", "You said: line one line two"]
    await keyboard.press("Escape")
    await expect(chat.page.get_by_role("dialog")).to_be_hidden()
    await expect(chat.page.get_by_role("button", name="Ask the shop")).to_be_focused()


async def test_a_reply_to_a_closed_chat_shows_as_unread(chat: Chat, gateway: FakeGateway, url: str) -> None:
    gateway.delay = 0.5
    await chat.open(url)
    await chat.say("later")
    await expect(chat.page.get_by_role("status").filter(has_text="Writing a reply")).to_be_visible()
    await chat.page.get_by_role("button", name="Close chat").click()
    launcher = chat.page.get_by_role("button", name="Ask the shop, new reply")
    await expect(launcher).to_be_visible()
    await launcher.click()
    await expect(chat.log.get_by_text("You said: later")).to_be_visible()


async def test_a_long_message_is_counted_and_stops_at_2000_characters(chat: Chat, url: str) -> None:
    await chat.open(url)
    await chat.field.fill("x" * 1900)
    await expect(chat.page.get_by_text("100 characters left")).to_be_visible()
    await chat.page.keyboard.insert_text("y" * 500)
    assert len(await chat.field.input_value()) == 2000


async def test_going_offline_is_said_and_coming_back_sends_what_waits(
    chat: Chat, context: BrowserContext, url: str
) -> None:
    await chat.open(url)
    await chat.say("on")
    await expect(chat.log.get_by_text("You said: on")).to_be_visible()
    await context.set_offline(True)
    await expect(chat.page.get_by_text("No connection.")).to_be_visible()
    await context.set_offline(False)
    await expect(chat.page.get_by_text("No connection.")).to_be_hidden()
    await chat.say("back")
    await expect(chat.log.get_by_text("You said: back")).to_be_visible()


async def test_on_a_phone_the_chat_fills_the_screen_and_keeps_the_focus(browser: Browser, url: str) -> None:
    context = await browser.new_context(viewport={"width": 360, "height": 640})
    chat = Chat(await context.new_page())
    await chat.open(url)
    box = await chat.page.get_by_role("dialog").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 640}
    await chat.field.fill("x")
    for _ in range(8):
        await chat.page.keyboard.press("Tab")
        focused = await chat.page.evaluate("document.activeElement.localName")
        assert focused in ("storekeep-chat", "body")
