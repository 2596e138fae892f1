"""Does the skill show recommendations as cards, keep what it may, and always say something?"""

from __future__ import annotations

from typing import Any

import pytest
from conversation_fakes import (
    NOW,
    FakeConsents,
    FakeEvents,
    FakeProducts,
    FakeTalks,
    said_by,
    slots_set,
    tracker,
    user_said,
)
from recommendation_fakes import FakeRecommender

from actions.recommend import Recommend
from actions.recommendation_record import RecommendationRecord
from bot.recommendations.adviser import Adviser
from bot.recommendations.talk_wishes import Talk
from bot.shoppers.shopper import Shopper
from knowledge_base.products import Product

ANNA, BEN = "C00001", "C00002"
LAMP = Product("OFF-001", "Stavell Lamp", "Stavell", "Office", 4950, "EUR", 3, {}, ("lamp",), "")
DESK = Product("OFF-002", "Stavell Desk", "Stavell", "Office", 30000, "EUR", 3, {}, ("desk",), "")
MUG = Product("COF-001", "Morrow Mug", "Morrow", "Coffee & Tea", 1200, "EUR", 3, {}, ("mug",), "")
SHELF = (LAMP, DESK, MUG)


class Skill:
    """The skill with its stand-ins. Anna agreed to profiling, Ben did not, the browser of talk-3 did."""

    def __init__(self) -> None:
        self.recommender = FakeRecommender(SHELF)
        self.events = FakeEvents()
        talks = FakeTalks({"talk-1": ANNA, "talk-2": BEN, "talk-3": None}, {"talk-3": "browser-1"})
        self.action = Recommend(
            Adviser(self.recommender, FakeProducts({p.sku: p for p in SHELF})),
            talks,
            FakeConsents(frozenset({ANNA})),
            RecommendationRecord(self.events, lambda: NOW),
        )

    async def say(self, text: str, talk: Talk | None = None, **more: Any) -> tuple[Any, Talk]:
        """What was said, and what is remembered then."""
        slots = {} if talk is None else {"recommend_talk": talk.as_json()}
        messages, events = await said_by(self.action, tracker(text, "recommend", slots, **more))
        return messages, Talk.from_json(slots_set(events).get("recommend_talk"))


async def test_a_card_has_picture_price_reason_and_three_buttons() -> None:
    messages, _ = await Skill().say("recommend a mug")
    assert messages == [
        {
            "response": "utter_recommend_fitting",
            "product": "the ones before",
            "custom": {
                "cards": [
                    {
                        "kind": "product",
                        "sku": "COF-001",
                        "title": "Morrow Mug",
                        "subtitle": "Morrow",
                        "price": "12.00 EUR",
                        "url": "/products/COF-001",
                        "image": "/products/COF-001/picture.svg",
                        "reason": "It fits.",
                        "buttons": [
                            {"title": "More like this", "payload": "Show me more like Morrow Mug"},
                            {"title": "Cheaper", "payload": "Something cheaper than Morrow Mug"},
                            {"title": "Not for me", "payload": "Not for me: Morrow Mug"},
                        ],
                    }
                ]
            },
        }
    ]


async def test_what_each_button_sends_is_understood() -> None:
    skill = Skill()
    messages, talk = await skill.say("something for the office")
    buttons = messages[0]["custom"]["cards"][1]["buttons"]
    said = [await skill.say(button["payload"], talk) for button in buttons]
    assert [messages[0]["response"] for messages, _ in said] == [
        "utter_recommend_similar",
        "utter_recommend_cheaper",
        "utter_recommend_nothing_instead",
    ]
    assert [messages[0]["product"] for messages, _ in said] == ["Stavell Desk"] * 3


async def test_the_conditions_are_said_in_the_shops_words() -> None:
    messages, _ = await Skill().say("something for the office, between 20 and 60 euros")
    assert messages[0]["conditions"] == " in Office, from 20.00 EUR to 60.00 EUR"
    messages, _ = await Skill().say("a lamp under 10")
    assert (messages[0]["response"], messages[0]["conditions"]) == (
        "utter_recommend_nothing_price",
        " up to 10.00 EUR",
    )


async def test_what_was_shown_and_dismissed_is_kept_of_who_agreed() -> None:
    skill = Skill()
    _, talk = await skill.say("recommend me something")
    await skill.say("Not for me: Stavell Lamp", talk)
    assert [(e.name, e.customer_id, e.sku, e.at) for e in skill.events.kept] == [
        ("Recommendations Shown", ANNA, None, NOW),
        ("Recommendation Dismissed", ANNA, "OFF-001", NOW),
    ]
    assert skill.events.kept[0].properties == {
        "skus": ["OFF-001", "OFF-002", "COF-001"],
        "place": "chat",
        "channel": "chat",
    }


async def test_a_browser_that_agreed_is_known_by_its_own_id() -> None:
    skill = Skill()
    await skill.say("recommend me something", sender="talk-3")
    assert skill.recommender.asked[0][0] == Shopper(anonymous_id="browser-1")
    assert [(e.customer_id, e.anonymous_id) for e in skill.events.kept] == [(None, "browser-1")]


@pytest.mark.parametrize("sender", ["talk-2", "unknown"])
async def test_of_who_did_not_agree_nothing_is_looked_at_or_kept_but_this_talk(sender: str) -> None:
    skill = Skill()
    earlier = [
        user_said("is it heavy?", product="OFF-002"),
        {"event": "slot", "name": "product_sku", "value": "COF-001"},
    ]
    await skill.say("recommend me something", earlier=earlier, sender=sender)
    assert [(shopper, wish.seen) for shopper, wish in skill.recommender.asked] == [
        (None, ("OFF-002", "COF-001"))
    ]
    assert skill.events.kept == []


async def test_a_gift_that_does_not_please_says_nothing_about_the_shopper() -> None:
    skill = Skill()
    _, talk = await skill.say("a gift for my mother who loves coffee")
    await skill.say("Not for me: Morrow Mug", talk)
    assert [event.name for event in skill.events.kept] == ["Recommendations Shown"]


async def test_a_full_disk_does_not_cost_the_answer() -> None:
    skill = Skill()
    skill.events.is_broken = True
    messages, talk = await skill.say("recommend me something")
    assert (messages[0]["response"], talk.shown) == ("utter_recommend", ("OFF-001", "OFF-002", "COF-001"))


async def test_a_broken_recommender_is_told_in_a_sentence() -> None:
    skill = Skill()
    skill.recommender.fails = True
    messages, _ = await skill.say("recommend me something")
    assert messages == [{"response": "utter_recommend_unavailable"}]


async def test_it_is_what_was_asked_about_after_the_last_recommendations() -> None:
    asked = {"event": "slot", "name": "product_sku", "value": "OFF-001"}
    shown = {"event": "slot", "name": "recommend_talk", "value": {}}
    messages, _ = await Skill().say("recommend something like it", earlier=[shown, asked])
    assert (messages[0]["response"], messages[0]["product"]) == ("utter_recommend_similar", "Stavell Lamp")
    messages, _ = await Skill().say("recommend something like it", earlier=[asked, shown])
    assert messages == [{"response": "utter_recommend_which", "product": "the ones before"}]


async def test_on_a_product_page_this_is_the_product() -> None:
    messages, _ = await Skill().say("what goes with this?", product="OFF-001")
    assert [card["sku"] for card in messages[0]["custom"]["cards"]] == ["COF-001"]
