"""Is it on record what was written, who let it through, and who saw it or did not want it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from bot.customers import Customer, Customers, UnknownCustomer
from bot.database.connection import Database
from bot.database.promotion_tables import PROMOTION_SOURCES, PROMOTION_STATES
from bot.database.tables import CustomerRow
from bot.promotions.promotion import (
    AlreadyDecided,
    Decided,
    Draft,
    NotApproved,
    Promotion,
    Refusal,
    Source,
    State,
    UnknownPromotion,
    UnusableDecision,
)
from bot.promotions.promotion_record import PromotionRecord

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
ANNA = Customer("C00001", "a@mail.example", "Anna", "DE", NOON)
BEN = Customer("C00002", "b@mail.example", "Ben", "DE", NOON)
DRAFT = Draft(
    sku="L-1",
    channel="email",
    tone="warm",
    text="Meet the Fjell lamp.",
    source="model",
    customer_id=ANNA.id,
    offer_id="LAMPS-20",
    subject="A lamp",
    written="Meet the <product>.",
    plan={"body": ["[write]"]},
    facts=("Fjell lamp", "20%"),
)
TEMPLATE = replace(DRAFT, source="template", written=None)


class Clock:
    """An hour later at each look."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now


@pytest.fixture
def record(database: Database) -> PromotionRecord:
    Customers(database).add([ANNA, BEN])
    return PromotionRecord(database, Clock())


def kept(record: PromotionRecord, *drafts: Draft) -> list[int]:
    return list(record.keep(drafts))


def shown(record: PromotionRecord, draft: Draft) -> Promotion:
    [promotion_id] = record.keep([draft], needs_approval=False)
    return record.mark_shown(promotion_id)


def test_a_draft_comes_back_whole_and_waits(record: PromotionRecord) -> None:
    nobodys = Draft("L-1", "chat", "plain", "Text.", "template")
    first, second = kept(record, DRAFT, nobodys)
    assert record.waiting(10) == (
        Promotion(first, NOON + timedelta(hours=1), DRAFT, "waiting"),
        Promotion(second, NOON + timedelta(hours=1), nobodys, "waiting"),
    )
    assert record.one(first) == record.waiting(1)[0]
    assert record.waiting(10, after_id=first) == record.waiting(10)[1:]
    assert record.one(second + 1) is None


def test_what_the_check_refused_waits_for_nobody_and_is_never_shown(record: PromotionRecord) -> None:
    bad = replace(DRAFT, findings=("says 'best'",))
    for needs_approval in (True, False):
        [promotion_id] = record.keep([bad], needs_approval)
        promotion = record.one(promotion_id)
        assert promotion is not None
        assert (promotion.state, promotion.draft) == ("refused", bad)
        with pytest.raises(AlreadyDecided, match=f"{promotion_id} does not wait any more: it is refused"):
            record.decide(promotion_id, "approved", "maria")
        with pytest.raises(NotApproved, match="should be approved before it is shown; it is refused"):
            record.mark_shown(promotion_id)
    assert record.waiting(10) == ()


def test_only_what_is_approved_is_shown_and_the_first_time_counts(record: PromotionRecord) -> None:
    [promotion_id] = kept(record, DRAFT)
    with pytest.raises(NotApproved, match="it is waiting"):
        record.mark_shown(promotion_id)
    record.decide(promotion_id, "approved", "maria")
    promotion = record.mark_shown(promotion_id)
    assert (promotion.state, promotion.decision, promotion.decided_by) == ("shown", "approved", "maria")
    assert promotion.shown_at == NOON + timedelta(hours=3)
    assert record.mark_shown(promotion_id) == promotion
    with pytest.raises(UnknownPromotion, match="no promotion 999"):
        record.mark_shown(999)


def test_an_edited_text_goes_out_in_place_of_the_written_one(record: PromotionRecord) -> None:
    [promotion_id] = kept(record, DRAFT)
    edited = record.decide(promotion_id, "edited", "maria", text="Here is the lamp.")
    assert (edited.state, edited.final_subject, edited.final_text) == (
        "edited",
        "A lamp",
        "Here is the lamp.",
    )
    assert edited.draft == DRAFT
    record.mark_shown(promotion_id)
    assert record.texts_shown_to(ANNA.id) == ("Here is the lamp.",)


@pytest.mark.parametrize(
    ("decision", "subject", "text", "reason"),
    [("approved", None, None, None), ("edited", "New", None, None), ("rejected", None, None, "dull")],
)
def test_the_same_decision_again_changes_nothing_and_another_is_refused(
    record: PromotionRecord, decision: Decided, subject: str | None, text: str | None, reason: str | None
) -> None:
    [promotion_id] = kept(record, DRAFT)
    first = record.decide(promotion_id, decision, "maria", subject, text, reason)
    assert (first.decision, first.decided_by, first.rejection_reason) == (decision, "maria", reason)
    assert record.decide(promotion_id, decision, "jonas", subject, text, reason) == first
    with pytest.raises(AlreadyDecided):
        record.decide(promotion_id, "edited", "maria", text="Something else.")
    assert record.one(promotion_id) == first
    assert record.waiting(10) == ()


def test_a_decision_is_the_same_after_the_text_was_shown(record: PromotionRecord) -> None:
    [promotion_id] = kept(record, DRAFT)
    record.decide(promotion_id, "edited", "maria", text="New.")
    promotion = record.mark_shown(promotion_id)
    assert record.decide(promotion_id, "edited", "maria", text="New.") == promotion
    with pytest.raises(AlreadyDecided, match="it is shown"):
        record.decide(promotion_id, "approved", "maria")


def test_what_a_person_let_pass_stays_with_the_decision_and_is_not_learnt_from(
    record: PromotionRecord,
) -> None:
    quiet, loud = kept(record, DRAFT, DRAFT)
    assert record.decide(quiet, "approved", "ida").overruled == ()
    assert record.decide(loud, "edited", "ida", text="Best!", overruled=["says best"]).overruled == (
        "says best",
    )
    assert [one.id for one in record.decided()] == [quiet]


def test_nobody_decides_what_is_not_there(record: PromotionRecord) -> None:
    with pytest.raises(UnknownPromotion, match="no promotion 7"):
        record.decide(7, "approved", "maria")


@pytest.mark.parametrize(
    ("decision", "text", "reason", "said"),
    [
        ("edited", None, None, "edited needs a new subject or text"),
        ("edited", "  ", None, "edited needs a new subject or text"),
        ("approved", "New.", None, "approved has no new subject or text"),
        ("approved", None, "dull", "approved has no reason"),
        ("maybe", None, None, "should be one of approved, edited, rejected; came 'maybe'"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused(
    record: PromotionRecord, decision: Decided, text: str | None, reason: str | None, said: str
) -> None:
    [promotion_id] = kept(record, DRAFT)
    with pytest.raises(UnusableDecision, match=said):
        record.decide(promotion_id, decision, "maria", text=text, reason=reason)
    assert len(record.waiting(10)) == 1


def test_a_writer_learns_from_what_people_let_through(record: PromotionRecord) -> None:
    approved, edited, rejected, template, edited_template, _waiting = kept(
        record, DRAFT, DRAFT, DRAFT, TEMPLATE, TEMPLATE, DRAFT
    )
    record.decide(approved, "approved", "maria")
    record.decide(edited, "edited", "maria", text="Mine.")
    record.decide(rejected, "rejected", "maria")
    record.decide(template, "approved", "maria")
    record.decide(edited_template, "edited", "maria", text="Mine too.")
    record.mark_shown(approved)
    shown(record, DRAFT)
    assert [(each.id, each.decision, each.draft.written, each.edited_text) for each in record.decided()] == [
        (approved, "approved", "Meet the <product>.", None),
        (edited, "edited", "Meet the <product>.", "Mine."),
        (edited_template, "edited", None, "Mine too."),
    ]


def test_what_a_customer_got_is_counted_by_channel_and_time(record: PromotionRecord) -> None:
    first = shown(record, DRAFT)
    second = shown(record, replace(DRAFT, text="Second."))
    shown(record, replace(DRAFT, channel="sms", text="Third."))
    shown(record, replace(DRAFT, customer_id=BEN.id))
    kept(record, DRAFT)
    assert (first.shown_at, second.shown_at) == (NOON + timedelta(hours=2), NOON + timedelta(hours=4))
    assert record.shown_count(ANNA.id, "email", NOON) == 2
    assert record.shown_count(ANNA.id, "email", NOON + timedelta(hours=4)) == 1
    assert record.shown_count(ANNA.id, "push", NOON) == 0
    assert record.texts_shown_to(ANNA.id) == ("Third.", "Second.", "Meet the Fjell lamp.")
    assert record.texts_shown_to(ANNA.id, limit=1) == ("Third.",)


def test_an_offer_is_counted_in_the_chat_for_the_customer_and_the_conversation(
    record: PromotionRecord,
) -> None:
    visitors = replace(DRAFT, channel="chat", customer_id=None, conversation_id="talk-1")
    for draft in (
        visitors,
        replace(visitors, offer_id="OTHER"),
        replace(visitors, conversation_id="talk-2"),
        replace(visitors, customer_id=ANNA.id, conversation_id="talk-3"),
        DRAFT,
    ):
        shown(record, draft)

    def count(customer_id: str | None, conversation_id: str | None, since: datetime = NOON) -> int:
        return record.offer_shown_count("LAMPS-20", since, customer_id, conversation_id)

    assert count(None, "talk-1") == 1
    assert count(ANNA.id, "talk-1") == 2
    assert count(ANNA.id, None, NOON + timedelta(days=1)) == 0
    assert count(None, None) == 0


def test_nothing_is_kept_for_who_is_not_there(record: PromotionRecord) -> None:
    with pytest.raises(UnknownCustomer):
        record.keep([DRAFT, replace(DRAFT, customer_id="C09999")])
    assert record.waiting(10) == ()
    with pytest.raises(UnknownCustomer, match="C09999"):
        record.refuse("C09999", None)


@pytest.mark.parametrize("change", [{"channel": "fax"}, {"source": "person"}])
def test_a_draft_has_a_known_channel_and_source(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=f"came '{next(iter(change.values()))}'"):
        replace(DRAFT, **change)  # type: ignore[arg-type]


def test_a_refusal_is_kept_once_and_found_by_customer_and_by_conversation(record: PromotionRecord) -> None:
    for _ in range(2):
        record.refuse(ANNA.id, "talk-1", sku="L-1")
    record.refuse(None, "talk-1", offer_id="LAMPS-20")
    record.refuse(None, "talk-2")

    def found(customer_id: str | None, conversation_id: str | None) -> list[tuple[str | None, str | None]]:
        return [(r.sku, r.offer_id) for r in record.refusals(customer_id, conversation_id)]

    assert found(ANNA.id, None) == [("L-1", None)]
    assert found(ANNA.id, "talk-2") == [("L-1", None), (None, None)]
    assert found(None, "talk-1") == [("L-1", None), (None, "LAMPS-20")]
    assert found(BEN.id, "talk-9") == found(None, None) == []
    with pytest.raises(ValueError, match="came neither"):
        record.refuse(None, None, sku="L-1")


@pytest.mark.parametrize(
    ("sku", "offer_id", "is_of"),
    [("L-1", None, True), ("L-2", None, False), (None, "A", True), (None, "B", False), (None, None, True)],
)
def test_a_refusal_is_of_its_product_of_its_offer_or_of_all(
    sku: str | None, offer_id: str | None, is_of: bool
) -> None:
    assert Refusal(ANNA.id, None, sku, offer_id, NOON).is_of("L-1", "A") is is_of


def test_with_a_customer_go_their_promotions_and_refusals_and_no_id_comes_again(
    database: Database, record: PromotionRecord
) -> None:
    [gone] = kept(record, DRAFT)
    record.refuse(ANNA.id, None)
    with database.session() as session:
        session.delete(session.get(CustomerRow, ANNA.id))
    assert record.one(gone) is None
    assert record.refusals(ANNA.id, None) == ()
    [later] = kept(record, replace(DRAFT, customer_id=None))
    assert later > gone


def test_the_table_knows_the_states_and_sources_of_the_code() -> None:
    assert get_args(Source) == PROMOTION_SOURCES
    assert get_args(State) == PROMOTION_STATES
