"""Does a plan read as words, whatever was kept as one?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from bot.promotions.copybook import ROLES
from bot.promotions.plan_words import ROLE_WORDS, plan_in_words
from bot.promotions.plans import Plan, Section


def json_of(plan: Plan) -> dict[str, Any]:
    """The plan as the database gives it back."""
    read: dict[str, Any] = json.loads(json.dumps(asdict(plan)))
    return read


def test_each_text_of_a_plan_is_a_line() -> None:
    subject = Plan("subject", "warm", "short", False, (Section("subject", ("old_price",)),))
    body = Plan("body", "warm", "long", True, (Section("hook", ()), Section("offer", ("price", "code"))))
    assert plan_in_words({"plans": [json_of(subject), json_of(body)]}) == (
        "Subject, short: a subject with old price",
        "Body, long: an opening; the offer with price, code",
    )


def test_every_role_of_the_copybook_has_words() -> None:
    assert set(ROLE_WORDS) == set(ROLES)


@pytest.mark.parametrize("plan", [{}, {"plans": None}, {"plans": "x"}, {"plans": [5]}, {"body": ["[write]"]}])
def test_what_is_no_plan_has_no_words(plan: dict[str, Any]) -> None:
    assert plan_in_words(plan) == ()


def test_what_is_broken_inside_is_told_as_it_is() -> None:
    assert plan_in_words({"plans": [{"sections": ["x", {"role": "other", "places": 5}]}]}) == (
        "Text, any length: x; other",
    )
