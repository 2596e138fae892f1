"""Does the skill show the offers that a shopper may have, with code and terms, and take a no for a no?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from chat_offer_fakes import FakeOffers, NoTexts
from conversation_fakes import (
    DETAILS,
    NOW,
    FakeConsents,
    FakeEvents,
    FakeProducts,
    FakeTalks,
    bot_said,
    said_by,
    slots_set,
    tracker,
    user_said,
)
from recommendation_fakes import FakeRecommender

from actions.affirm import Affirm
from actions.contact_human_agent import ContactHumanAgent
from actions.deny import Deny
from actions.promotion_cards import promotion_card
from actions.show_offers import ShowOffers
from bot.catalogue import Catalogue
from bot.customers import Customers
from bot.database.connection import Database
from bot.database.tables import CustomerRow
from bot.promotions.audiences import Audiences
from bot.promotions.chat_promotions import Asking, ChatPromotion, ChatPromotions
from bot.promotions.desk import PromotionDesk
from bot.promotions.facts_source import FactsSource
from bot.promotions.frequency import Frequency
from bot.promotions.layout import Footers
from bot.promotions.offer import Audience, Offer
from bot.promotions.offer_advice import ShownOffer
from bot.promotions.offer_adviser import OfferAdviser
from bot.promotions.offer_moves import read_offer_moves
from bot.promotions.offer_talk import OfferTalk
from bot.promotions.offers import Offers
from bot.promotions.promoter import Promoter
from bot.promotions.promotion_record import PromotionRecord
from bot.shoppers.shopper import Shopper
from knowledge_base.products import Product

ANNA, BEN = "C00001", "C00002"
STARTS, ENDS = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 12, 5, tzinfo=UTC)
LAMP = Product("OFF-001", "Stavell Lamp", "Stavell", "Office", 9900, "EUR", 3, {}, ("lamp",), "")
DESK = Product("OFF-002", "Stavell Desk", "Stavell", "Office", 30000, "EUR", 3, {}, ("desk",), "")
MUG = Product("COF-001", "Morrow Mug", "Morrow", "Coffee & Tea", 1200, "EUR", 3, {}, ("mug",), "")
TOY = Product("TOY-001", "Bramble Train", "Bramble", "Toys", 2500, "EUR", 3, {}, ("train",), "")
SHELF = (LAMP, DESK, MUG, TOY)
LIGHT = Offer("LIGHT-20", "percentage", STARTS, ENDS, "EUR", percent=20, code="LIGHT20", skus=("OFF-001",))
DESKS = Offer("DESKS", "amount", STARTS, ENDS, "EUR", amount_cents=4000, skus=("OFF-002",))
POST = Offer("POST", "free_shipping", STARTS, ENDS, "EUR", minimum_cents=5000, skus=("COF-001",))
PAIRS = ((LIGHT, LAMP), (DESKS, DESK), (POST, MUG))


class Skill:
    """The skill with its stand-ins. Anna agreed to profiling, Ben did not, the browser of talk-3 did. What
    was remembered goes into the next message."""

    def __init__(self, offers: FakeOffers | None = None) -> None:
        self.offers = FakeOffers(PAIRS) if offers is None else offers
        self.talks = FakeTalks({"talk-1": ANNA, "talk-2": BEN, "talk-3": None}, {"talk-3": "browser-1"})
        self.action = ShowOffers(
            OfferAdviser(self.offers, FakeProducts({p.sku: p for p in SHELF})),
            self.talks,
            FakeConsents(frozenset({ANNA})),
            "Europe/Berlin",
        )
        self.affirm = Affirm(ContactHumanAgent(self.talks, DETAILS), self.action)
        self.deny = Deny(self.action)
        self.slots: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []

    async def say(
        self, text: str, by: Any = None, intent: str = "promotion", **more: Any
    ) -> list[dict[str, Any]]:
        action = self.action if by is None else by
        to = tracker(text, intent, self.slots, self.events, **more)
        messages, events = await said_by(action, to)
        self.events += [user_said(text, intent), *events]
        self.events += [bot_said(message.get("response")) for message in messages]
        self.slots.update(slots_set(events))
        return messages

    @property
    def talk(self) -> OfferTalk:
        return OfferTalk.from_json(self.slots.get("promotion_talk"))


def skus(messages: list[dict[str, Any]]) -> list[str]:
    return [card["sku"] for message in messages for card in message.get("custom", {}).get("cards", [])]


async def test_each_offer_is_a_text_and_a_card_with_prices_code_terms_and_buttons() -> None:
    messages = await Skill(FakeOffers(PAIRS[:1])).say("any offers for me?")
    assert messages == [
        {"response": "utter_show_offers"},
        {
            "text": "Stavell Lamp, with LIGHT-20.",
            "custom": {
                "cards": [
                    {
                        "kind": "product",
                        "sku": "OFF-001",
                        "title": "Stavell Lamp",
                        "subtitle": "Stavell",
                        "price": "79.20 EUR instead of 99.00 EUR",
                        "url": "/products/OFF-001",
                        "image": "/products/OFF-001/picture.svg",
                        "reason": "Code: LIGHT20\nUntil 5 December",
                        "until": "2026-12-05T00:00:00+00:00",
                        "code": "LIGHT20",
                        "buttons": [
                            {"title": "Not interested", "payload": "No offers for: Stavell Lamp"},
                            {"title": "More offers", "payload": "Show me other offers"},
                            {"title": "Tell me more", "payload": "Tell me more about Stavell Lamp"},
                        ],
                    }
                ]
            },
        },
    ]


@pytest.mark.parametrize(
    ("offer", "bundle", "price", "reason"),
    [
        (POST, None, "99.00 EUR", "Free shipping · for orders from 50.00 EUR · until 4 December"),
        (
            replace(DESKS, minimum_cents=15000, code="DESK-40"),
            None,
            "99.00 EUR",
            "Code: DESK-40\n40.00 EUR off · for orders from 150.00 EUR · until 4 December",
        ),
        (
            Offer("B", "bundle", STARTS, ENDS, "EUR", bundle_sku="COF-001"),
            MUG,
            "99.00 EUR",
            "Morrow Mug at no extra cost · until 4 December",
        ),
        (
            replace(LIGHT, code=None, minimum_cents=6000),
            None,
            "79.20 EUR instead of 99.00 EUR",
            "For orders from 60.00 EUR · until 4 December",
        ),
    ],
)
def test_a_card_tells_the_gain_that_the_price_does_not_show_and_never_a_price_of_a_larger_order(
    offer: Offer, bundle: Product | None, price: str, reason: str
) -> None:
    card = promotion_card(ShownOffer(ChatPromotion(1, LAMP, offer, ""), bundle), "UTC")
    assert (card["price"], card["reason"]) == (price, reason)


@pytest.mark.parametrize(
    ("text", "found", "conditions"),
    [
        ("do you have discounts on mugs or other coffee things?", ["COF-001"], " in Coffee & Tea"),
        ("what's on sale under 50?", ["COF-001"], " up to 50.00 EUR"),
        ("is there a discount on the Stavell Desk?", ["OFF-002"], " for Stavell Desk"),
        ("is there a code?", ["OFF-001"], " with a code"),
        ("any offers over 200 euros", ["OFF-002"], ""),
        ("any deals but nothing for the office", ["COF-001"], ""),
    ],
)
async def test_offers_are_told_for_what_the_message_names(
    text: str, found: list[str], conditions: str
) -> None:
    messages = await Skill().say(text)
    assert messages[0]["response"] == "utter_show_offers"
    assert (skus(messages), messages[0].get("conditions", "")) == (found, conditions)


async def test_a_kind_that_is_no_category_ranks_what_is_told_and_the_words_of_offers_do_not() -> None:
    skill = Skill()
    for text in ("any discounts on lamps?", "do you run any deals this week", "is there a promo code"):
        await skill.say(text)
    assert [asking.text for asking in skill.offers.asked] == ["lamps", None, None]


async def test_on_a_product_page_this_is_the_product_and_else_the_page_only_comes_first() -> None:
    skill = Skill()
    assert skus(await skill.say("is there a deal on this?", product="OFF-002")) == ["OFF-002"]
    await skill.say("any offers?", product="OFF-002")
    assert [(asking.sku, asking.is_only_sku) for asking in skill.offers.asked] == [
        ("OFF-002", True),
        ("OFF-002", False),
    ]


async def test_where_there_is_none_of_that_others_are_shown_and_it_is_said() -> None:
    messages = await Skill().say("any discounts on toys")
    assert (messages[0]["response"], messages[0]["conditions"]) == ("utter_show_offers_instead", " in Toys")
    assert skus(messages) == ["OFF-001", "OFF-002"]
    messages = await Skill().say("is there a code for the Stavell Desk?")
    assert messages[0]["conditions"] == " with a code for Stavell Desk"
    assert skus(messages) == ["OFF-002"]


async def test_without_offers_that_is_said() -> None:
    assert await Skill(FakeOffers()).say("any offers for me?") == [{"response": "utter_show_offers_none"}]


async def test_an_offer_for_a_customer_is_neither_shown_nor_named_to_anybody_else() -> None:
    skill = Skill(FakeOffers(PAIRS[:1], only_for={"LIGHT-20": ANNA}))
    assert skus(await skill.say("any discount on the Stavell Lamp?")) == ["OFF-001"]
    for sender in ("talk-2", "talk-3", "unknown"):
        messages = await Skill(skill.offers).say("any discount on the Stavell Lamp?", sender=sender)
        assert messages == [{"response": "utter_show_offers_none", "product": "Stavell Lamp"} | _of_lamp()]


def _of_lamp() -> dict[str, str]:
    return {"conditions": " for Stavell Lamp"}


@pytest.mark.parametrize(
    ("sender", "customer_id", "shopper"),
    [
        ("talk-1", ANNA, Shopper(customer_id=ANNA)),
        ("talk-2", BEN, None),
        ("talk-3", None, Shopper(anonymous_id="browser-1")),
        ("unknown", None, None),
    ],
)
async def test_behaviour_is_looked_at_only_of_who_agreed(
    sender: str, customer_id: str | None, shopper: Shopper | None
) -> None:
    skill = Skill()
    await skill.say("any offers for me?", sender=sender)
    asking = skill.offers.asked[0]
    assert (asking.customer_id, asking.conversation_id, asking.shopper) == (customer_id, sender, shopper)


async def test_for_somebody_else_the_shoppers_own_behaviour_says_nothing() -> None:
    skill = Skill()
    await skill.say("any deals for my sister?")
    assert skill.offers.asked[0].shopper is None


async def test_more_offers_are_others_until_there_are_no_more_and_keep_to_what_was_asked_for() -> None:
    skill = Skill()
    said = [
        await skill.say(text)
        for text in ("any offers for me?", "Show me other offers", "more offers please", "any offers?")
    ]
    assert [skus(messages) for messages in said] == [
        ["OFF-001", "OFF-002"],
        ["COF-001"],
        [],
        ["OFF-001", "OFF-002"],
    ]
    assert said[2][0]["response"] == "utter_show_offers_no_more"
    await skill.say("discounts for the office?")
    messages = await skill.say("more offers please")
    assert messages == [{"response": "utter_show_offers_no_more", "conditions": " in Office"}]


async def test_more_offers_like_one_are_of_its_kind() -> None:
    skill = Skill(replace_most(FakeOffers(PAIRS), 1))
    await skill.say("any offers for me?")
    assert skus(await skill.say("more offers like this")) == ["OFF-002"]


def replace_most(offers: FakeOffers, most: int) -> FakeOffers:
    return replace(offers, most=most)


async def test_not_interested_refuses_what_was_shown_and_the_next_answer_is_without_it() -> None:
    skill = Skill()
    await skill.say("any offers for me?")
    messages = await skill.say("not interested")
    assert messages == [{"response": "utter_show_offers_refused", "product": "Stavell Lamp and Stavell Desk"}]
    assert skill.offers.refused == [("talk-1", "OFF-001"), ("talk-1", "OFF-002")]
    assert skus(await skill.say("any offers for me?")) == ["COF-001"]


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("No offers for: Stavell Desk", ["OFF-002"]),
        ("no offers for the stavell desk please", ["OFF-002"]),
        ("not interested in the second one", ["OFF-002"]),
        ("I'm not interested in this offer", ["OFF-001", "OFF-002"]),
        ("no thanks", ["OFF-001", "OFF-002"]),
        ("no thanks, no offers please", [None]),
        ("stop showing me offers", [None]),
        ("No offers at all, please", [None]),
        ("I don't want any discounts", [None]),
    ],
)
async def test_a_refusal_is_of_what_it_names(text: str, refused: list[str | None]) -> None:
    skill = Skill()
    await skill.say("any offers for me?")
    await skill.say(text)
    assert [sku for _, sku in skill.offers.refused] == refused


@pytest.mark.parametrize(
    "text",
    [
        "are there no offers today?",
        "don't you have any deals?",
        "why are there no discounts",
        "I don't want to miss any deals",
        "keep the deals coming",
        "what is not on sale",
    ],
)
def test_a_question_with_a_no_in_it_is_no_refusal(text: str) -> None:
    assert read_offer_moves(text).refuses is None


async def test_the_button_works_whatever_the_product_is_called_and_long_after() -> None:
    odd = replace(TOY, name="No Deal: Code Sale Game")
    skill = Skill(FakeOffers(((LIGHT, odd),)))
    skill.action = ShowOffers(
        OfferAdviser(skill.offers, FakeProducts({odd.sku: odd})), skill.talks, FakeConsents(), "UTC"
    )
    await skill.say("any offers for me?")
    skill.events += [user_said("hello", "greet"), bot_said("utter_greet")]
    await skill.say("No offers for: No Deal: Code Sale Game")
    assert skill.offers.refused == [("talk-1", "TOY-001")]


async def test_an_unknown_name_refuses_nothing_and_is_asked_for() -> None:
    skill = Skill()
    await skill.say("any offers for me?")
    for text in ("No offers for: Something else", "no offers on toys please"):
        assert await skill.say(text) == [{"response": "utter_show_offers_which"}]
    assert skill.offers.refused == []


async def test_not_interested_out_of_the_blue_refuses_nothing() -> None:
    skill = Skill()
    assert await skill.say("not interested") == [{"response": "utter_deny"}]
    await skill.say("any offers for me?")
    skill.events += [user_said("hello", "greet"), bot_said("utter_greet")]
    for _ in range(2):
        assert await skill.say("not interested") == [{"response": "utter_deny"}]
    assert skill.offers.refused == []


async def test_a_no_and_a_wish_for_others_come_together() -> None:
    skill = Skill()
    await skill.say("any offers for me?")
    messages = await skill.say("not interested, show me other offers")
    assert messages[0]["response"] == "utter_show_offers_refused"
    assert skus(messages) == ["COF-001"]


async def test_a_plain_no_is_of_the_offers_that_were_just_shown() -> None:
    skill = Skill()
    await skill.say("any offers for me?")
    messages = await skill.say("no thanks", by=skill.deny, intent="deny")
    assert messages[0]["response"] == "utter_show_offers_refused"
    assert len(skill.offers.refused) == 2
    assert await skill.say("no", by=skill.deny, intent="deny") == [{"response": "utter_deny"}]


@pytest.mark.parametrize("text", ["that's not what i asked", "i can't find it"])
async def test_a_no_to_something_else_refuses_no_offer(text: str) -> None:
    skill = Skill()
    await skill.say("any offers for me?")
    assert await skill.say(text, by=skill.deny, intent="deny") == [{"response": "utter_deny"}]
    assert skill.offers.refused == []


@pytest.mark.parametrize(
    ("yes", "intent"), [("yes please", "affirm"), ("Yes, show me offers again", "promotion")]
)
async def test_refused_offers_come_back_only_after_a_yes(yes: str, intent: str) -> None:
    skill = Skill()
    await skill.say("stop showing me offers")
    for text in ("show me offers again", "any offers for me?"):
        assert await skill.say(text) == [{"response": "utter_show_offers_was_refused"}]
        assert skill.offers.refused == [("talk-1", None)]
        skill.events += [user_said("hello", "greet"), bot_said("utter_greet")]
    await skill.say("any offers for me?")
    messages = await skill.say(yes, by=skill.affirm if intent == "affirm" else None, intent=intent)
    assert skus(messages) == ["OFF-001", "OFF-002"]
    assert skill.offers.refused == []


async def test_a_refused_product_that_is_asked_for_by_name_is_asked_about_too() -> None:
    skill = Skill()
    await skill.say("No offers for: Stavell Lamp")
    messages = await skill.say("any discount on the Stavell Lamp?")
    assert (messages[0]["response"], messages[0]["product"]) == (
        "utter_show_offers_was_refused_product",
        "Stavell Lamp",
    )
    assert skus(await skill.say("yes", by=skill.affirm, intent="affirm")) == ["OFF-001"]


async def test_a_no_to_that_question_leaves_it_refused() -> None:
    skill = Skill()
    await skill.say("stop showing me offers")
    await skill.say("any offers for me?")
    assert await skill.say("no", by=skill.deny, intent="deny") == [{"response": "utter_deny"}]
    assert skill.offers.refused == [("talk-1", None)]


async def test_that_no_is_of_no_other_product_either() -> None:
    skill = Skill()
    await skill.say("No offers for: Stavell Lamp")
    await skill.say("any offers for me?")
    await skill.say("any discount on the Stavell Lamp?")
    await skill.say("no thanks", by=skill.deny, intent="deny")
    assert skill.offers.refused == [("talk-1", "OFF-001")]


async def test_without_a_writer_there_is_a_sentence_and_a_refusal_still_counts(
    caplog: pytest.LogCaptureFixture,
) -> None:
    skill = Skill(FakeOffers(PAIRS, fails=True))
    assert await skill.say("any offers for me?") == [{"response": "utter_show_offers_unavailable"}]
    assert "there are no weights" in caplog.text
    await skill.say("no more offers please")
    assert skill.offers.refused == [("talk-1", None)]


async def test_what_was_shown_is_what_more_like_this_means_to_the_recommender() -> None:
    skill = Skill(replace_most(FakeOffers(PAIRS), 1))
    await skill.say("any offers for me?")
    assert skill.slots["recommend_talk"]["shown"] == ["OFF-001"]
    assert skill.talk.shown == ("OFF-001",)


@pytest.mark.parametrize("slot", [None, 5, [], {"shown": "OFF-001", "highest_cents": True, "asks": 1}])
def test_a_slot_of_another_shape_counts_as_nothing_said(slot: object) -> None:
    assert OfferTalk.from_json(slot) == OfferTalk()


def test_what_is_remembered_comes_back_the_same() -> None:
    talk = OfferTalk(("A",), ("A", "B"), "A", ("Office",), 5000, "lamp", True, True, True)
    assert OfferTalk.from_json(talk.as_json()) == talk


WELCOME = Offer("HI", "percentage", STARTS, ENDS, "EUR", percent=10, audience=Audience(countries=("DE",)))


def at_noon() -> datetime:
    return NOW


@pytest.fixture
def chat(database: Database) -> ChatPromotions:
    """The real service on a database; Anna lives in Germany. Texts are the plain ones."""
    catalogue, customers, offers = Catalogue(database), Customers(database), Offers(database, at_noon)
    catalogue.put_products(SHELF)
    with database.session() as session:
        session.add(
            CustomerRow(
                id=ANNA,
                email="a@mail.example",
                name="Anna Keller",
                country="DE",
                created_at=STARTS,
                profiling_consent=False,
            )
        )
    offers.put([LIGHT, DESKS, POST, replace(WELCOME, skus=("TOY-001",))])
    source = FactsSource(catalogue, customers, NoEvents(), FakeConsents(), DETAILS, at_noon)
    desk = PromotionDesk(
        source,
        offers,
        Audiences(database, lambda customer_id: None),
        PromotionRecord(database, at_noon),
        Promoter(NoTexts(), Footers("https://shop.example/unsubscribe")),
        lambda shopper: None,
        lambda customer_id: "https://shop.example/unsubscribe",
    )
    return ChatPromotions(desk, offers, FakeRecommender(SHELF), Frequency())


class NoEvents(FakeEvents):
    def of_shopper(self, shopper: Shopper, limit: int | None = None) -> tuple[Any, ...]:
        return ()


HERS, A_VISITORS = Asking(ANNA, "talk-1"), Asking(None, "talk-9")


def told(chat: ChatPromotions, asking: Asking) -> list[str]:
    return [one.product.sku for one in chat.answer(asking, count=9).promotions]


def test_a_visitor_gets_only_what_is_for_everybody(chat: ChatPromotions) -> None:
    assert told(chat, A_VISITORS) == ["OFF-001", "OFF-002", "COF-001"]
    assert told(chat, HERS) == ["OFF-001", "OFF-002", "COF-001", "TOY-001"]
    only_toy = {"sku": "TOY-001", "is_only_sku": True}
    assert chat.standing(replace(A_VISITORS, **only_toy)) == "none"  # type: ignore[arg-type]


def test_the_price_with_the_offer_counts_and_a_code_can_be_asked_for(chat: ChatPromotions) -> None:
    assert told(chat, replace(A_VISITORS, highest_cents=8000)) == ["COF-001", "OFF-001"]
    assert told(chat, replace(A_VISITORS, needs_code=True)) == ["OFF-001"]
    assert told(chat, replace(A_VISITORS, left_out=frozenset({"OFF-001", "COF-001"}))) == ["OFF-002"]


def test_a_refusal_holds_in_her_other_conversations_until_it_is_forgiven(chat: ChatPromotions) -> None:
    other = replace(HERS, conversation_id="talk-2")
    chat.refuse(HERS, None)
    chat.refuse(HERS, "OFF-001")
    assert (chat.standing(other), chat.standing(A_VISITORS)) == ("refused", "open")
    assert chat.answer(other).refused_all
    chat.forgive(other)
    assert told(chat, other) == ["OFF-002", "COF-001", "TOY-001"]
    lamp = replace(other, sku="OFF-001", is_only_sku=True)
    assert chat.standing(lamp) == "refused"
    chat.forgive(lamp)
    assert (chat.standing(lamp), told(chat, lamp)) == ("open", ["OFF-001"])


def test_where_each_was_refused_by_itself_all_that_was_asked_for_comes_back(chat: ChatPromotions) -> None:
    for sku in ("OFF-001", "OFF-002", "COF-001"):
        chat.refuse(A_VISITORS, sku)
    chat.forgive(replace(A_VISITORS, categories=("Office",)))
    assert told(chat, A_VISITORS) == ["OFF-001", "OFF-002"]


def test_nobody_lifts_the_refusal_of_somebody_else(chat: ChatPromotions) -> None:
    chat.refuse(HERS, None)
    chat.forgive(A_VISITORS)
    assert chat.standing(HERS) == "refused"
