"""Does a product question get the shop's own words, about the product that is meant?"""

from __future__ import annotations

from conversation_fakes import (
    LAMP,
    FakeAnswerer,
    FakeProducts,
    FakeQuestionNotes,
    lamp_answer,
    said_by,
    slots_set,
    tracker,
)

from actions.product_question import ProductQuestion
from actions.quoted_answer import QuotedAnswers, source_address
from knowledge_base.answers import Answer, Source


def skill(answerer: FakeAnswerer, notes: FakeQuestionNotes | None = None) -> ProductQuestion:
    return ProductQuestion(QuotedAnswers(answerer, FakeProducts({"OFF-001": LAMP}), notes))


async def test_an_answer_is_the_whole_sentence_in_quotation_marks_with_its_cards() -> None:
    action = skill(FakeAnswerer({"how bright is the lamp?": lamp_answer()}))
    messages, events = await said_by(action, tracker("how bright is the lamp?"))
    assert messages == [
        {
            "text": '"The lamp has 450 lumens."\nStavell Lamp',
            "custom": {
                "cards": [
                    {
                        "kind": "source",
                        "title": "Stavell Lamp",
                        "url": "/products/OFF-001",
                        "passage": "The lamp has 450 lumens. It weighs 2 kg.",
                        "start": 13,
                        "end": 23,
                    },
                    {
                        "kind": "product",
                        "sku": "OFF-001",
                        "title": "Stavell Lamp",
                        "subtitle": "Stavell",
                        "price": "49.50 EUR",
                        "url": "/products/OFF-001",
                        "image": "/products/OFF-001/picture.svg",
                    },
                ]
            },
        }
    ]
    assert slots_set(events) == {"product_sku": "OFF-001"}


async def test_without_an_answer_it_says_so_and_remembers_nothing() -> None:
    assert await said_by(skill(FakeAnswerer()), tracker("is it edible?")) == (
        [{"response": "utter_product_question_unanswered"}],
        [],
    )


async def test_the_page_that_the_shopper_looks_at_says_which_product_is_meant() -> None:
    answerer = FakeAnswerer()
    await said_by(
        skill(answerer), tracker("battery life?", product="WEA-002", slots={"product_sku": "OFF-001"})
    )
    assert answerer.asked == [("battery life?", "WEA-002")]


async def test_it_means_the_product_that_was_talked_about_last() -> None:
    answerer = FakeAnswerer()
    await said_by(skill(answerer), tracker("how heavy is it?", slots={"product_sku": "OFF-001"}))
    assert answerer.asked == [("how heavy is it?", "OFF-001")]


async def test_a_question_that_does_not_refer_back_is_about_the_whole_shop() -> None:
    answerer = FakeAnswerer()
    await said_by(skill(answerer), tracker("how long does delivery take?", slots={"product_sku": "OFF-001"}))
    assert answerer.asked == [("how long does delivery take?", None)]


async def test_an_answer_of_a_policy_leaves_the_product_talked_about_as_it_was() -> None:
    policy = Answer(
        "30 days", 0.9, Source("policy", "returns#how-long", "Returns", 9, 16, None), "You have 30 days.", 1
    )
    messages, events = await said_by(skill(FakeAnswerer({"q": policy})), tracker("q"))
    assert messages[0]["text"] == '"You have 30 days."\nReturns'
    assert events == []


def test_every_kind_of_source_has_its_page() -> None:
    def address(kind: str, document: str, sku: str | None) -> str:
        return source_address(Source(kind, document, "", 0, 1, sku))  # type: ignore[arg-type]

    assert address("product", "A/1?", "A/1?") == "/products/A%2F1%3F"
    assert address("review", "OFF-001/3", "OFF-001") == "/products/OFF-001#review-3"
    assert address("policy", "returns#how-long", None) == "/pages/returns#how-long"
    assert address("policy", "returns", None) == "/pages/returns"
    assert address("faq", "faq-007", None) == "/pages/faq#faq-007"


async def test_what_was_asked_is_told_with_the_product_that_it_was_about() -> None:
    notes = FakeQuestionNotes()
    action = skill(FakeAnswerer({"how bright is the lamp?": lamp_answer()}), notes)
    await said_by(action, tracker("how bright is the lamp?", product="RUN-001"))
    await said_by(action, tracker("is it edible?", product="RUN-001"))
    assert notes.told == [
        ("talk-1", "how bright is the lamp?", True, "OFF-001"),
        ("talk-1", "is it edible?", False, "RUN-001"),
    ]
