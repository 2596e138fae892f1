"""Can a person of the shop sign in and decide in a real browser, by mouse and by keyboard?"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from agent_fakes import CHAT, EMAIL, FOOTER, HOSTILE, KEY, SMS, Agent, running_agent
from playwright.async_api import Browser, Locator, Page, async_playwright, expect
from pydantic import SecretStr
from running_gateway import ANNA

from bot.promotions.marketing_consent import MarketingConsents
from bot.promotions.promotion import Draft
from bot.promotions.unsubscribe import unsubscribe_url
from bot.settings import Settings
from bot.staff.sign_in_links import sign_in_url

CHROMIUM = os.environ.get("STOREKEEP_TEST_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run"
)
NEW_TEXT = "Hello Anna,\n\nThe Stavell Arc Desk Lamp: 39.60 EUR with the code LAMP20."

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
async def agent(tmp_path: Path) -> AsyncIterator[Agent]:
    async with running_agent(tmp_path) as agent:
        yield agent


async def come_in(page: Page, agent: Agent) -> None:
    await page.goto(sign_in_url(agent.origin, agent.token("Ida")))
    await expect(page.get_by_text("Signed in as Ida")).to_be_visible()


def candidate(page: Page, promotion_id: int) -> Locator:
    return page.locator(f'.candidate[data-id="{promotion_id}"]')


def states(agent: Agent, ids: tuple[int, ...]) -> list[str]:
    found = [agent.record.one(promotion_id) for promotion_id in ids]
    return [promotion.state for promotion in found if promotion is not None]


async def test_a_person_signs_in_and_approves_edits_and_rejects(page: Page, agent: Agent) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    approved, edited, rejected = ids = agent.record.keep([CHAT, EMAIL, SMS])
    await come_in(page, agent)
    await candidate(page, approved).get_by_role("button", name="Approve").click()
    await expect(page.get_by_role("status")).to_have_text(f"Promotion {approved} is approved.")
    await expect(page.locator(".candidate")).to_have_count(2)
    await expect(page.get_by_role("navigation", name="Lists")).to_have_text(
        "Waiting 2 Refused 0 Decided 1", use_inner_text=True
    )

    mail = candidate(page, edited)
    await mail.get_by_role("button", name="Edit").click()
    await expect(mail.get_by_role("button", name="Approve", exact=True)).to_be_disabled()
    await mail.get_by_label("Text").fill(NEW_TEXT + FOOTER)
    await mail.get_by_role("button", name="Save and approve").click()
    await expect(page.get_by_role("status")).to_have_text(f"Promotion {edited} is edited.")

    message = candidate(page, rejected)
    await message.get_by_role("button", name="Reject").click()
    await message.get_by_label("Why?").fill("Too dry")
    await message.get_by_role("button", name="Reject it").click()
    await expect(page.get_by_text("Nothing waits for a decision.")).to_be_visible()

    assert states(agent, ids) == ["approved", "edited", "rejected"]
    kept = [agent.record.one(promotion_id) for promotion_id in ids]
    assert [one.decided_by for one in kept if one is not None] == ["Ida"] * 3
    assert kept[1] is not None
    assert (kept[1].final_text, kept[1].edited_subject) == (NEW_TEXT + FOOTER, None)
    assert kept[2] is not None
    assert kept[2].rejection_reason == "Too dry"
    assert complaints == []
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()


async def test_a_false_edit_is_told_and_passes_only_by_insisting(page: Page, agent: Agent) -> None:
    [promotion_id] = agent.record.keep([CHAT])
    await come_in(page, agent)
    message = candidate(page, promotion_id)
    await message.get_by_role("button", name="Edit").click()
    await message.get_by_label("Text").fill(CHAT.text.replace("39.60", "19.60"))
    await message.get_by_role("button", name="Save and approve").click()
    await expect(message.get_by_role("alert")).to_contain_text("19.60")
    assert states(agent, (promotion_id,)) == ["waiting"]
    await message.get_by_role("button", name="Let it pass anyway").click()
    await expect(page.locator(".candidate")).to_have_count(0)
    kept = agent.record.one(promotion_id)
    assert kept is not None
    assert any("19.60" in finding for finding in kept.overruled)


async def test_all_of_it_works_by_keyboard(page: Page, agent: Agent) -> None:
    first, second = ids = agent.record.keep([CHAT, CHAT])
    await come_in(page, agent)
    await candidate(page, first).get_by_role("button", name="Reject").focus()
    await page.keyboard.press("Enter")
    reason = candidate(page, first).get_by_label("Why?")
    await expect(reason).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(reason).to_be_hidden()
    await expect(candidate(page, first).get_by_role("button", name="Reject")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("Dull")
    await page.keyboard.press("Enter")
    await expect(candidate(page, second).get_by_role("heading", level=2)).to_be_focused()
    for _ in range(2):
        await page.keyboard.press("Tab")
    await expect(candidate(page, second).get_by_role("button", name="Approve")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".candidate")).to_have_count(0)
    assert states(agent, ids) == ["rejected", "approved"]


async def test_new_ones_are_written_on_order(page: Page, agent: Agent) -> None:
    [before] = agent.record.keep([EMAIL])
    await come_in(page, agent)
    await page.get_by_role("button", name="Write new ones").click()
    await page.get_by_label("Product").select_option("OFF-1")
    await page.get_by_label("How many").fill("3")
    await page.get_by_role("button", name="Write", exact=True).click()
    await expect(page.locator(".candidate")).to_have_count(2)
    await expect(candidate(page, before)).to_have_count(0)
    assert agent.desk.orders == [("OFF-1", "chat", None, None, 3)]
    await page.get_by_role("button", name="Write new ones").click()
    await page.get_by_label("Product").select_option("OFF-1")
    await page.get_by_label("Customer, if for one").fill("C99999")
    await page.get_by_role("button", name="Write", exact=True).click()
    await expect(page.locator("#write").get_by_role("alert")).to_have_text("There is no customer 'C99999'.")


async def test_what_someone_else_decided_meanwhile_is_told(page: Page, agent: Agent) -> None:
    [promotion_id] = agent.record.keep([CHAT])
    await come_in(page, agent)
    agent.record.decide(promotion_id, "rejected", "Ben", reason="dull")
    await candidate(page, promotion_id).get_by_role("button", name="Approve").click()
    await expect(candidate(page, promotion_id).get_by_role("alert")).to_contain_text("does not wait any more")


async def test_texts_stay_texts(page: Page, agent: Agent) -> None:
    hostile: Draft = replace(CHAT, text=HOSTILE, facts=(HOSTILE,))
    [promotion_id] = agent.record.keep([hostile])
    await come_in(page, agent)
    message = candidate(page, promotion_id)
    await expect(message.locator(".words")).to_have_text(HOSTILE)
    await message.get_by_role("button", name="Edit").click()
    await message.get_by_label("Text").fill(f"{HOSTILE} 99.00 EUR")
    await message.get_by_role("button", name="Save and approve").click()
    await expect(message.get_by_role("alert")).to_be_visible()
    assert "taken" not in await page.title()


async def test_a_link_that_was_used_is_told_and_leaves_no_token_in_the_address(
    page: Page, agent: Agent
) -> None:
    token = agent.token("Ida")
    await page.goto(sign_in_url(agent.origin, token))
    await expect(page.get_by_text("Signed in as Ida")).to_be_visible()
    await page.goto(sign_in_url(agent.origin, token))
    await expect(page.get_by_role("status")).to_contain_text("used already")
    assert page.url == f"{agent.origin}/agent/sign-in"


async def test_a_reader_unsubscribes_by_the_button(page: Page, agent: Agent, tmp_path: Path) -> None:
    shop = agent.gateway.shop
    consents = MarketingConsents(shop.database, agent.gateway.clock)
    consents.decide(ANNA.id, "email", True, "test")
    settings = Settings(data_dir=tmp_path, token_secret=SecretStr(KEY), public_url=agent.origin)
    await page.goto(unsubscribe_url(settings, ANNA.id, "email"))
    assert consents.may_send(ANNA.id, "email")
    await page.get_by_role("button", name="Yes, unsubscribe").click()
    await expect(page.get_by_role("heading", name="Done")).to_be_visible()
    assert not consents.may_send(ANNA.id, "email")
