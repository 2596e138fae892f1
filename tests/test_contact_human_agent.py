"""Does asking for a person lead to one, whether asked in words or by a yes?"""

from __future__ import annotations

from chat_offer_fakes import FakeOffers
from conversation_fakes import DETAILS, FakeConsents, FakeProducts, FakeTalks, bot_said, said_by, tracker

from actions.affirm import Affirm
from actions.contact_human_agent import ContactHumanAgent
from actions.show_offers import ShowOffers
from bot.promotions.offer_adviser import OfferAdviser

CONTACT = {
    "shop": "Larkfield",
    "support_email": "help@shop.example",
    "support_phone": "+49 30 1",
    "support_hours": "weekdays",
}


async def test_the_wish_is_recorded_and_the_contact_told() -> None:
    talks = FakeTalks({"talk-1": None})
    messages, events = await said_by(ContactHumanAgent(talks, DETAILS), tracker())
    assert messages == [{"response": "utter_contact_human_agent", **CONTACT}]
    assert (talks.asked_for_a_person, events) == (["talk-1"], [])


async def test_a_talk_that_the_shop_does_not_know_gets_the_contact_and_no_promise() -> None:
    messages, _ = await said_by(ContactHumanAgent(FakeTalks(), DETAILS), tracker())
    assert messages == [{"response": "utter_contact_human_agent_unrecorded", **CONTACT}]


def affirm(talks: FakeTalks) -> Affirm:
    no_offers = ShowOffers(OfferAdviser(FakeOffers(), FakeProducts()), talks, FakeConsents(), "UTC")
    return Affirm(ContactHumanAgent(talks, DETAILS), no_offers)


async def test_a_yes_to_the_offer_of_a_person_is_taken_as_the_wish() -> None:
    talks = FakeTalks({"talk-1": None})
    offered = [bot_said("utter_clarify_offer_person")]
    messages, _ = await said_by(affirm(talks), tracker("yes", earlier=offered))
    assert messages == [{"response": "utter_contact_human_agent", **CONTACT}]
    assert talks.asked_for_a_person == ["talk-1"]


async def test_a_yes_to_nothing_in_particular_asks_what_is_wanted() -> None:
    talks = FakeTalks({"talk-1": None})
    greeted = [bot_said("utter_clarify_offer_person"), bot_said("utter_greet")]
    messages, _ = await said_by(affirm(talks), tracker("yes", earlier=greeted))
    assert messages == [{"response": "utter_affirm"}]
    assert talks.asked_for_a_person == []
