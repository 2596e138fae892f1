"""Can the lines that people wrote be learnt from, and does each pass the check once its places are filled?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from promotion_fakes import AMOUNT, BUNDLE, EARBUDS, PERCENT, SHIPPING, STATEMENT, STOVE, facts_of

from bot.promotions.check import Message, findings
from bot.promotions.copybook import (
    PLACES,
    PLACES_OF_ROLE,
    ROLES,
    TONES,
    BrokenCopybook,
    Line,
    lines_of,
    problems_of,
    read_copybook,
)
from bot.promotions.facts import Facts, Reader
from bot.promotions.filling import fill, fills_of
from bot.promotions.offer import Offer
from knowledge_base.products import Product

DETAILS = {
    "weight": "262 g",
    "material": "merino wool",
    "runtime": "9 hours",
    "warranty": "3 years",
    "volume": "1.2 l",
    "size": "24 x 38 x 36 cm",
    "colours": "slate and oat",
    "spec": "24 W of output",
}
WARRANTED_EARBUDS = replace(EARBUDS, stock=4, attributes={"Warranty": "3 years"})
AT_ONCE = 6
OF_THE_WHOLE_MESSAGE = ("at most 600 letters", "it ends in the middle")
"""What is found only because many lines, subjects among them, stand together."""


def write(folder: Path, content: str) -> Path:
    path = folder / "poet.txt"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_line_has_role_tone_and_text(tmp_path: Path) -> None:
    path = write(
        tmp_path, "# A comment\n\nhook warm | Meet the <product>.\n  close plain |  Have a look | now.  \n"
    )
    assert list(lines_of(path)) == [
        Line("hook", "warm", "Meet the <product>."),
        Line("close", "plain", "Have a look | now."),
    ]


def test_a_line_speaks_of_one_thing_or_of_several() -> None:
    line = Line("hook", "warm", "{This|These} <kind> {is|are} here, {with its|with their} <product>{|s}.")
    assert line.said_of(False) == "This <kind> is here, with its <product>."
    assert line.said_of(True) == "These <kind> are here, with their <product>s."
    assert line.places == ("kind", "product")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("hook warm Meet it.", "poet.txt line 1: should be 'role tone | text'; came 'hook warm Meet it.'"),
        ("verse warm | Meet it.", "the role should be one of subject, hook, .*; came 'verse'"),
        ("hook loud | Meet it.", "the tone should be one of warm, playful, plain, refined; came 'loud'"),
        ("hook warm | For <price>.", "hook may have the places product, .*; came price"),
        ("hook warm | A <thing>.", "came thing"),
        ("hook warm | <kind> by <kind>.", "each place may stand once"),
        ("hook warm | All 3 of it.", "letters and plain punctuation only, no digits; came '3'"),
        ("hook warm | Café.", "came 'é'"),
        ("push warm | " + "a" * 110 + ".", "push should have at most 110 characters; has 111"),
        ("hook warm | {It|They meet.", "a bracket is not closed"),
        ("hook warm | Meet <product.", "a bracket is not closed"),
        ("hook warm | Meet the <product>", "should end with a full stop"),
        ("about warm | <statement> so it is", "should end with a full stop"),
        ("hook warm | The best there is.", "nothing that needs proof or presses: best"),
        ("close warm | Hurry, idiot.", "presses: idiot, hurry"),
    ],
)
def test_a_broken_line_is_refused_with_its_place_and_the_reason(
    tmp_path: Path, raw: str, message: str
) -> None:
    with pytest.raises(BrokenCopybook, match=message):
        list(lines_of(write(tmp_path, raw)))


@pytest.mark.parametrize(
    "line", [Line("subject", "warm", "Meet the <product>"), Line("about", "plain", "Its page: <statement>")]
)
def test_a_subject_and_a_line_that_ends_with_a_sentence_need_no_full_stop(line: Line) -> None:
    assert list(problems_of(line)) == []


def test_each_text_of_a_role_is_read_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("hook warm | Meet it.\nclose warm | Meet it.\n")
    (tmp_path / "a.txt").write_text("hook plain | Meet it.\nhook plain | See it.\n")
    assert read_copybook(tmp_path) == (
        Line("hook", "plain", "Meet it."),
        Line("hook", "plain", "See it."),
        Line("close", "warm", "Meet it."),
    )


def test_a_folder_without_lines_says_what_should_be_there(tmp_path: Path) -> None:
    with pytest.raises(BrokenCopybook, match=r"should have \.txt files with lines like"):
        read_copybook(tmp_path)


def test_every_role_has_lines_in_every_tone_and_every_place_is_used() -> None:
    assert {(line.role, line.tone) for line in lines()} == {(role, tone) for role in ROLES for tone in TONES}
    used = {(line.role, place) for line in lines() for place in line.places}
    assert {place for _, place in used} == set(PLACES)
    assert used <= {(role, place) for role in ROLES for place in PLACES_OF_ROLE[role]}


@cache
def lines() -> tuple[Line, ...]:
    return read_copybook()


def facts_for(places: frozenset[str], product: Product) -> Facts:
    """Facts that have something for every place, with the offer that these places speak of."""
    return facts_of(
        product,
        _offer_for(places, product),
        reader=Reader("Anna", "Kitchen", "Halvora Daybreak Face Cream"),
        details=DETAILS,
        statements=(STATEMENT,),
    )


def _offer_for(places: frozenset[str], product: Product) -> Offer | None:
    if "bundle" in places:
        kind = BUNDLE
    elif "free_shipping" in places:
        kind = SHIPPING
    elif "percent" not in places and places & {"saving", "old_price"}:
        kind = AMOUNT
    elif places & {"percent", "until", "code", "minimum"}:
        kind = PERCENT
    else:
        return None
    # Only an order that one piece is enough for makes that piece cheaper.
    minimum = product.price_cents // 2 if places & {"price", "old_price"} else 2 * product.price_cents
    return replace(
        kind,
        code="AUTUMN20" if "code" in places else None,
        minimum_cents=minimum if "minimum" in places else None,
    )


def filled_lines(product: Product, several: bool) -> Iterator[tuple[str, Facts]]:
    """All lines, those that have the same places several in one text: the check reads that much quicker."""
    alike: dict[frozenset[str], list[Line]] = defaultdict(list)
    for line in lines():
        # What names no product and has no two numbers reads the same of several as of one.
        if not several or "{" in line.text or {"product", "kind"} & set(line.places):
            alike[frozenset(line.places)].append(line)
    for places, found in alike.items():
        facts = facts_for(places, product)
        fills = {**fills_of(facts), "statement": STATEMENT}
        for begin in range(0, len(found), AT_ONCE):
            batch = found[begin : begin + AT_ONCE]
            yield "\n".join(fill(line.said_of(several), fills) for line in batch), facts


@pytest.mark.parametrize(("product", "several"), [(STOVE, False), (WARRANTED_EARBUDS, True)])
def test_every_line_with_its_places_filled_passes_the_check(product: Product, several: bool) -> None:
    wrong = [
        found
        for text, facts in filled_lines(product, several)
        for found in findings(Message("chat", None, text), facts)
        if not found.startswith(OF_THE_WHOLE_MESSAGE)
    ]
    assert wrong == []


def test_the_check_of_lines_would_notice_one_that_is_wrong() -> None:
    text, facts = next(filled_lines(STOVE, False))
    assert "needs proof, presses or speaks of health: best" in findings(
        Message("chat", None, f"{text}\nIt is the best.\n{text}"), facts
    )
