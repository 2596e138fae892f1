"""Is each decision kept once, checked on the facts of now, and is what does not fit refused in words?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from agent_fakes import CHAT, EMAIL, FOOTER, SMS, TEXT, Agent, running_agent

from bot.promotions.writer import WriterMissing

NEW_TEXT = "Hello Anna,\n\nThe Stavell Arc Desk Lamp: 39.60 EUR with the code LAMP20." + FOOTER
FALSE_TEXT = NEW_TEXT.replace("39.60", "19.60")


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Agent]:
    async with running_agent(tmp_path) as agent:
        await agent.sign_in()
        yield agent


def one(agent: Agent, draft: Any = EMAIL) -> int:
    [promotion_id] = agent.record.keep([draft])
    return int(promotion_id)


def code(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1]["error"]["code"]


async def test_a_promotion_is_approved_by_the_person_who_is_signed_in(agent: Agent) -> None:
    promotion_id = one(agent)
    assert await agent.decide(promotion_id, "approved") == (
        200,
        {
            "id": promotion_id,
            "decision": "approved",
            "decided_by": "Ida",
            "subject": EMAIL.subject,
            "text": EMAIL.text,
            "reason": None,
            "overruled": [],
        },
    )
    kept = agent.record.one(promotion_id)
    assert kept is not None
    assert (kept.state, kept.decided_by, kept.edited_text) == ("approved", "Ida", None)


async def test_an_edit_keeps_what_it_does_not_change(agent: Agent) -> None:
    promotion_id = one(agent)
    status, body = await agent.decide(promotion_id, "edited", text=NEW_TEXT, subject=EMAIL.subject)
    assert (status, body["text"], body["subject"]) == (200, NEW_TEXT, EMAIL.subject)
    kept = agent.record.one(promotion_id)
    assert kept is not None
    assert (kept.state, kept.edited_text, kept.edited_subject) == ("edited", NEW_TEXT, None)


async def test_a_rejection_has_a_reason(agent: Agent) -> None:
    promotion_id = one(agent)
    assert code(await agent.decide(promotion_id, "rejected")) == (422, "no_reason")
    assert code(await agent.decide(promotion_id, "rejected", reason="  ")) == (422, "bad_reason")
    status, body = await agent.decide(promotion_id, "rejected", reason=" too dry ")
    assert (status, body["reason"]) == (200, "too dry")


async def test_an_edit_that_is_not_true_is_refused_unless_the_person_insists(agent: Agent) -> None:
    promotion_id = one(agent)
    status, body = await agent.decide(promotion_id, "edited", text=FALSE_TEXT)
    found = body["error"]["findings"]
    assert (status, body["error"]["code"]) == (422, "findings")
    assert any("19.60" in finding for finding in found)
    waits = agent.record.one(promotion_id)
    assert waits is not None
    assert waits.state == "waiting"
    status, body = await agent.decide(promotion_id, "edited", text=FALSE_TEXT, anyway=True)
    assert (status, body["overruled"]) == (200, found)
    kept = agent.record.one(promotion_id)
    assert kept is not None
    assert list(kept.overruled) == found


async def test_an_edit_may_not_take_the_way_out_of_a_message(agent: Agent) -> None:
    for draft, text in ((EMAIL, TEXT), (SMS, SMS.text.removesuffix(" Reply STOP to end."))):
        status, body = await agent.decide(one(agent, draft), "edited", text=text)
        assert status == 422
        assert any("unsubscribe" in finding for finding in body["error"]["findings"])


async def test_what_is_no_longer_true_is_approved_only_by_who_insists(agent: Agent) -> None:
    promotion_id = one(agent, CHAT)
    agent.desk.offer = None
    status, body = await agent.decide(promotion_id, "approved")
    assert (status, body["error"]["code"]) == (422, "findings")
    assert any("LAMP20" in finding for finding in body["error"]["findings"])
    assert (await agent.decide(promotion_id, "approved", anyway=True))[0] == 200


async def test_a_product_that_is_gone_is_a_finding(agent: Agent) -> None:
    agent.desk.gone = True
    _, body = await agent.decide(one(agent), "approved")
    assert body["error"]["findings"] == ["the product is no longer sold"]


async def test_the_same_decision_again_changes_nothing_and_another_is_refused(agent: Agent) -> None:
    promotion_id = one(agent)
    first = await agent.decide(promotion_id, "approved")
    await agent.sign_in("Ben")
    assert await agent.decide(promotion_id, "approved") == first
    assert code(await agent.decide(promotion_id, "rejected", reason="late")) == (409, "already_decided")
    assert code(await agent.decide(promotion_id, "edited", text=FALSE_TEXT)) == (409, "already_decided")


async def test_of_two_who_decide_at_once_one_is_told(agent: Agent) -> None:
    promotion_id = one(agent)
    answers = await asyncio.gather(
        agent.decide(promotion_id, "approved"), agent.decide(promotion_id, "rejected", reason="no")
    )
    assert sorted(status for status, _ in answers) == [200, 409]


async def test_what_the_check_refused_stays_refused(agent: Agent) -> None:
    [refused] = agent.record.keep([replace(CHAT, findings=("bad",))])
    assert code(await agent.decide(refused, "approved", anyway=True)) == (409, "already_decided")


async def test_what_is_not_there_is_not_found(agent: Agent) -> None:
    assert code(await agent.decide(999, "approved")) == (404, "not_found")
    assert code(await agent.post("promotions/12345678901/decision", json={})) == (404, "not_found")
    assert code(await agent.post("promotions/x/decision", json={})) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"decision": "maybe"}, "decision must be one of approved, edited, rejected; 'maybe' came."),
        ({}, "decision must be one of approved, edited, rejected; 'None' came."),
        ({"decision": "edited"}, "edited needs a new subject or text; nothing new came."),
        ({"decision": "edited", "text": EMAIL.text}, "edited needs a new subject or text; nothing new came."),
        ({"decision": "edited", "text": 5}, "text must be text; '5' came."),
        ({"decision": "edited", "text": "x" * 4001}, "text must have 1 to 4000 characters; 4001 came."),
        ({"decision": "edited", "text": " "}, "text must have 1 to 4000 characters; 0 came."),
        ({"decision": "approved", "text": "x"}, "approved has no new subject or text; only edited has."),
        ({"decision": "approved", "reason": "x"}, "approved has no reason; only rejected has."),
        ({"decision": "approved", "anyway": 1}, "anyway must be true or false; '1' came."),
        ({"decision": "rejected", "reason": "x" * 201}, "reason must have 1 to 200 characters; 201 came."),
        (
            {"decision": "approved", "by": "Ben"},
            "Allowed fields are anyway, decision,",
        ),
    ],
)
async def test_a_decision_that_does_not_fit_is_told(agent: Agent, body: dict[str, Any], told: str) -> None:
    promotion_id = one(agent)
    status, answer = await agent.post(f"promotions/{promotion_id}/decision", json={**body})
    assert status == 422
    assert answer["error"]["detail"].startswith(told)
    kept = agent.record.one(promotion_id)
    assert kept is not None
    assert kept.state == "waiting"


async def test_only_an_email_has_a_subject_and_it_has_one_line(agent: Agent) -> None:
    assert code(await agent.decide(one(agent, CHAT), "edited", subject="x")) == (422, "no_subject")
    _, body = await agent.decide(one(agent), "edited", subject="A lamp\r\nBcc: you@mail.example", anyway=True)
    assert body["subject"] == "A lamp Bcc: you@mail.example"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_what_a_form_can_send_decides_nothing(agent: Agent, kind: str) -> None:
    path = f"promotions/{one(agent)}/decision"
    body = '{"decision": "approved"}'
    assert code(await agent.post(path, data=body, headers={"Content-Type": kind})) == (415, "not_json")


async def test_without_a_desk_one_can_only_reject(tmp_path: Path) -> None:
    async with running_agent(tmp_path, desk=None) as agent:
        await agent.sign_in()
        promotion_id = one(agent)
        assert code(await agent.decide(promotion_id, "approved")) == (503, "no_check")
        order = {"sku": "OFF-1", "channel": "chat", "count": 1}
        assert code(await agent.post("promotions", json=order)) == (503, "no_writer")
        assert (await agent.decide(promotion_id, "rejected", reason="no"))[0] == 200


async def test_new_promotions_are_written_as_ordered(agent: Agent) -> None:
    order = {"sku": " OFF-1 ", "channel": "chat", "customer_id": "C00017", "tone": "warm", "count": 3}
    status, body = await agent.post("promotions", json=order)
    assert (status, body["waiting"], body["refused"]) == (201, 2, 1)
    assert [one.id for one in agent.record.waiting(10)] == body["ids"][:2]
    await agent.post("promotions", json={"sku": "OFF-1", "channel": "sms", "count": 1})
    assert agent.desk.orders == [("OFF-1", "chat", "C00017", "warm", 3), ("OFF-1", "sms", None, None, 1)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"sku": "OFF-9"}, (422, "bad_sku")),
        ({"sku": ""}, (422, "bad_sku")),
        ({"sku": None}, (422, "bad_sku")),
        ({"customer_id": "C99999"}, (422, "bad_customer_id")),
        ({"customer_id": 17}, (422, "bad_customer_id")),
        ({"channel": "fax"}, (422, "bad_channel")),
        ({"channel": ["chat"]}, (422, "bad_channel")),
        ({"tone": "loud"}, (422, "bad_tone")),
        ({"count": 0}, (422, "bad_count")),
        ({"count": 6}, (422, "bad_count")),
        ({"count": True}, (422, "bad_count")),
        ({"count": "3"}, (422, "bad_count")),
        ({"seed": 1}, (422, "unknown_field")),
    ],
)
async def test_an_order_that_does_not_fit_is_refused(
    agent: Agent, change: dict[str, Any], expected: tuple[int, str]
) -> None:
    order = {"sku": "OFF-1", "channel": "chat", "count": 3} | change
    assert code(await agent.post("promotions", json=order)) == expected
    assert agent.record.waiting(10) == ()


async def test_a_writer_that_is_missing_is_told(agent: Agent) -> None:
    agent.desk.trouble = WriterMissing("There is no writer in models.")
    order = {"sku": "OFF-1", "channel": "chat", "count": 3}
    status, body = await agent.post("promotions", json=order)
    assert (status, body["error"]["code"]) == (503, "no_writer")
    assert "There is no writer in models." in body["error"]["detail"]
