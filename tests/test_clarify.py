"""Does what was not understood lead somewhere, without going round in circles?"""

from __future__ import annotations

from conversation_fakes import (
    DETAILS,
    FakeAnswerer,
    FakeProducts,
    FakeQuestionNotes,
    bot_said,
    lamp_answer,
    said_by,
    tracker,
    user_said,
)

from actions.clarify import Clarify
from actions.quoted_answer import QuotedAnswers


def skill(answerer: FakeAnswerer, notes: FakeQuestionNotes | None = None) -> Clarify:
    return Clarify(QuotedAnswers(answerer, FakeProducts(), notes), DETAILS)


async def response_after(*earlier: str) -> str:
    events = [event for name in earlier for event in (user_said("blub", "nlu_fallback"), bot_said(name))]
    messages, _ = await said_by(skill(FakeAnswerer()), tracker("blub", "nlu_fallback", earlier=events))
    return str(messages[0]["response"])


async def test_a_question_that_was_not_recognised_is_still_answered() -> None:
    answerer = FakeAnswerer({"lumens?": lamp_answer()})
    messages, events = await said_by(skill(answerer), tracker("lumens?", "nlu_fallback"))
    assert messages[0]["text"] == '"The lamp has 450 lumens."\nStavell Lamp'
    assert [event["value"] for event in events] == ["OFF-001"]


async def test_what_is_no_question_is_not_looked_up_and_not_told() -> None:
    answerer, notes = FakeAnswerer(), FakeQuestionNotes()
    await said_by(skill(answerer, notes), tracker("blub blub", "nlu_fallback"))
    assert answerer.asked == []
    assert notes.told == []
    await said_by(skill(answerer, notes), tracker("blub?", "nlu_fallback"))
    assert notes.told == [("talk-1", "blub?", False, None)]


async def test_first_it_asks_then_offers_a_person_then_gives_the_contact() -> None:
    assert await response_after() == "utter_clarify"
    assert await response_after("utter_clarify") == "utter_clarify_offer_person"
    assert await response_after("utter_clarify", "utter_clarify_offer_person") == "utter_clarify_contact"
    assert await response_after("utter_clarify_contact") == "utter_clarify_contact"


async def test_a_message_understood_in_between_begins_anew() -> None:
    assert await response_after("utter_clarify", "utter_greet") == "utter_clarify"
