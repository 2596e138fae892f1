"""Does a person of the shop see what waits, what was refused and what was decided, as text only?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from agent_fakes import CHAT, EMAIL, HOSTILE, LAMP, SMS, Agent, running_agent
from running_gateway import ANNA, NOON

from bot.promotions.promotion import Draft
from bot.web.agent.agent_page import PAGE_LENGTH, moment

REFUSED = replace(CHAT, text="The best lamp.", findings=("needs proof: best",))


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Agent]:
    async with running_agent(tmp_path) as agent:
        await agent.sign_in()
        yield agent


def kept(agent: Agent, *drafts: Draft) -> list[int]:
    return list(agent.record.keep(drafts))


def shown(html: str) -> list[int]:
    """The promotions on a page."""
    return [int(found) for found in re.findall(r'class="candidate" data-id="(\d+)"', html)]


async def test_what_waits_stands_beside_its_product_its_facts_and_the_check(agent: Agent) -> None:
    kept(agent, EMAIL)
    html = await agent.page()
    for expected in (
        "Stavell Arc Desk Lamp</a>",
        'src="/products/OFF-1/picture.svg"',
        "49.50 EUR",
        "<dd>E-mail</dd>",
        "<dd>warm</dd>",
        f"<dd>customer {ANNA.id}</dd>",
        "<dd>LAMPS-20</dd>",
        "<dd>the writer</dd>",
        "A lamp for your desk",
        "The Stavell Arc Desk Lamp now costs 39.60 EUR.",
        "Unsubscribe: https://shop.example/unsubscribe?token=x",
        "<li>price: 39.60 EUR</li><li>code: LAMP20</li>",
        "<li>Body, short: the offer with price, code</li>",
        "The check finds nothing wrong.",
    ):
        assert expected in html
    assert ANNA.name not in html
    assert ANNA.email not in html


async def test_the_check_reads_what_waits_with_the_facts_of_now(agent: Agent) -> None:
    kept(agent, CHAT)
    agent.desk.offer = None
    html = await agent.page()
    assert "The check finds now" in html
    assert "LAMP20</li>" in html


async def test_a_product_that_is_gone_is_told(agent: Agent) -> None:
    kept(agent, CHAT)
    agent.gateway.shop.catalogue.put_products([])
    agent.desk.gone = True
    assert "the product is no longer sold" in await agent.page()


async def test_without_a_desk_the_page_says_that_nothing_was_checked(tmp_path: Path) -> None:
    async with running_agent(tmp_path, desk=None) as agent:
        await agent.sign_in()
        kept(agent, CHAT)
        assert "The check could not be asked." in await agent.page()


async def test_nothing_of_a_text_becomes_html(agent: Agent) -> None:
    hostile = replace(
        EMAIL,
        tone=HOSTILE[:20],
        text=HOSTILE,
        subject=HOSTILE,
        offer_id=HOSTILE,
        facts=(HOSTILE,),
        plan={"plans": [{"form": HOSTILE, "sections": [{"role": HOSTILE, "places": [HOSTILE]}]}]},
    )
    edited, rejected, _waiting, _refused = kept(
        agent, hostile, hostile, hostile, replace(hostile, findings=(HOSTILE,))
    )
    agent.gateway.shop.catalogue.put_products([replace(LAMP, name=HOSTILE)])
    agent.record.decide(edited, "edited", HOSTILE, subject=f"{HOSTILE}!", overruled=[HOSTILE])
    agent.record.decide(rejected, "rejected", HOSTILE, reason=HOSTILE)
    await agent.post("sign-out")
    await agent.sign_in("<script>x</script>")
    for tab in ("waiting", "refused", "decided"):
        html = await agent.page(f"/agent?tab={tab}")
        assert html.count("&lt;script&gt;") > 5
        assert re.findall(r"<script\b[^>]*>", html) == ['<script src="/agent.js" defer>']


async def test_no_page_needs_inline_scripts_or_styles_or_is_kept_by_the_browser(agent: Agent) -> None:
    kept(agent, EMAIL, REFUSED)
    for path in ("/agent", "/agent?tab=refused", "/agent/sign-in"):
        assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", await agent.page(path)) == []
    async with agent.gateway.client.get("/agent") as response:
        assert response.headers["Cache-Control"] == "no-store"
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]


async def test_what_waits_comes_in_pages_and_by_channel(agent: Agent) -> None:
    ids = kept(agent, *[CHAT] * PAGE_LENGTH, EMAIL, SMS)
    first = await agent.page()
    assert shown(first) == ids[:PAGE_LENGTH]
    [after] = re.findall(r'href="/agent\?tab=waiting&amp;after=(\d+)"', first)
    assert shown(await agent.page(f"/agent?after={after}")) == ids[PAGE_LENGTH:]
    assert shown(await agent.page("/agent?channel=email")) == [ids[PAGE_LENGTH]]
    assert "Nothing waits for a decision on this channel." in await agent.page("/agent?channel=push")


async def test_what_the_check_refused_is_there_for_reading_with_the_reasons(agent: Agent) -> None:
    ids = kept(agent, *[REFUSED] * (PAGE_LENGTH + 1))
    html = await agent.page("/agent?tab=refused")
    assert shown(html) == ids[:0:-1]
    assert shown(await agent.page(f"/agent?tab=refused&after={ids[1]}")) == ids[:1]
    assert "<li>needs proof: best</li>" in html
    assert "data-decide" not in html
    assert shown(await agent.page()) == []


async def test_what_was_decided_comes_with_who_and_why(agent: Agent) -> None:
    approved, edited, rejected = kept(agent, CHAT, EMAIL, SMS)
    agent.record.decide(approved, "approved", "Ida")
    agent.record.decide(edited, "edited", "Ben", text="A new text.", overruled=["says new"])
    agent.record.decide(rejected, "rejected", "Cleo", reason="too dry")
    html = await agent.page("/agent?tab=decided")
    assert sorted(shown(html)) == [approved, edited, rejected]
    for expected in (
        "<strong>Approved</strong> by Ida",
        "<strong>Edited</strong> by Ben",
        "<strong>Rejected</strong> by Cleo",
        "Reason: too dry",
        "A new text.",
        "<li>says new</li>",
    ):
        assert expected in html


@pytest.mark.parametrize("query", ["tab=other", "channel=fax", "after=-1", "after=1234567890"])
async def test_a_query_that_there_is_not_is_told(agent: Agent, query: str) -> None:
    await agent.page(f"/agent?{query}", status=422)


def test_a_moment_is_told_to_the_minute() -> None:
    assert moment(NOON.replace(hour=9, minute=5)) == "2 March 2026, 09:05"
