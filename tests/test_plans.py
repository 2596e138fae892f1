"""Does a plan say what the writer needs, in words that the writer knows?"""

from __future__ import annotations

import pytest

from bot.promotions.copybook import PLACES
from bot.promotions.plans import (
    CHANNELS,
    CONTROLS,
    FORMS,
    FORMS_OF,
    LENGTH_LIMITS,
    Form,
    Length,
    Plan,
    Section,
    in_order,
    length_of,
)

PLAN = Plan(
    "chat", "warm", "short", False, (Section("hook", ("product",)), Section("offer", ("percent", "until")))
)


def test_a_plan_reads_as_words_with_its_sections_in_order() -> None:
    assert PLAN.words() == [
        "[form:chat]",
        "[tone:warm]",
        "[short]",
        "[one]",
        "[hook]",
        "<product>",
        "[offer]",
        "<percent>",
        "<until>",
        "[write]",
    ]


def test_several_is_a_word_of_its_own() -> None:
    assert Plan("sms", "plain", "long", True, ()).words() == [
        "[form:sms]",
        "[tone:plain]",
        "[long]",
        "[several]",
        "[write]",
    ]


def test_every_word_of_a_plan_is_a_control_or_a_place() -> None:
    assert set(PLAN.words()) <= {*CONTROLS, *(f"<{place}>" for place in PLACES)}
    assert len(set(CONTROLS)) == len(CONTROLS)


def test_a_plan_has_the_places_of_all_its_sections() -> None:
    assert PLAN.places == {"product", "percent", "until"}


def test_places_come_once_in_their_order_and_free_ones_not_at_all() -> None:
    assert in_order(["until", "shop", "product", "until", "kind", "price", "category"]) == (
        "product",
        "price",
        "until",
    )
    assert in_order(frozenset()) == ()


@pytest.mark.parametrize(
    ("form", "letters", "length"),
    [
        ("chat", 120, "short"),
        ("chat", 121, "medium"),
        ("chat", 180, "medium"),
        ("chat", 181, "long"),
        ("push", 0, "short"),
        ("subject", 41, "long"),
    ],
)
def test_length_is_told_by_the_letters_of_the_form(form: Form, letters: int, length: Length) -> None:
    assert length_of(form, "a" * letters) == length


def test_every_channel_is_made_of_forms_and_every_form_has_its_lengths() -> None:
    assert set(FORMS_OF) == set(CHANNELS)
    assert {form for forms in FORMS_OF.values() for form in forms} == set(FORMS) == set(LENGTH_LIMITS)
    assert all(short < medium for short, medium in LENGTH_LIMITS.values())
