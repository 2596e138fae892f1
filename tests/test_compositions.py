"""Do lines of the copybook become texts that read in order and keep to their plans?"""

from __future__ import annotations

import itertools
import random
import re

import pytest
from promotion_fakes import LINES

from bot.promotions.compositions import LONGEST, SHAPES, Composer, Composition
from bot.promotions.copybook import Line, read_copybook
from bot.promotions.plans import FREE_PLACES, NEXT, in_order, length_of


@pytest.fixture(scope="module")
def compositions() -> tuple[Composition, ...]:
    return tuple(itertools.islice(Composer(read_copybook()).compositions(7), 400))


def test_the_same_seed_gives_the_same_and_another_something_else() -> None:
    def first(seed: int) -> list[Composition]:
        return list(itertools.islice(Composer(LINES).compositions(seed), 20))

    assert first(3) == first(3)
    assert first(3) != first(4)


def test_a_plan_tells_what_the_parts_have(compositions: tuple[Composition, ...]) -> None:
    for one in compositions:
        for section, part in zip(one.plan.sections, one.parts, strict=True):
            assert section.places == in_order(re.findall(r"<(\w+)>", part))
        assert one.plan.length == length_of(one.plan.form, " ".join(one.parts))
        assert tuple(section.role for section in one.plan.sections) in [
            shape for shape, _ in SHAPES[one.plan.form]
        ]


def test_no_fact_is_told_twice_and_no_text_is_too_long(compositions: tuple[Composition, ...]) -> None:
    for one in compositions:
        places = [place for place in re.findall(r"<(\w+)>", one.text) if place not in FREE_PLACES]
        assert len(set(places)) == len(places)
        assert len(" ".join(one.parts)) <= LONGEST[one.plan.form]


def test_what_is_said_of_a_thing_comes_after_its_name(compositions: tuple[Composition, ...]) -> None:
    for one in compositions:
        if one.plan.form in ("subject", "push"):
            continue
        named = False
        for section in one.plan.sections:
            assert section.role != "about" or named
            named = named or "product" in section.places
            assert section.role != "offer" or named
        assert named


def test_numbers_are_settled_in_every_part(compositions: tuple[Composition, ...]) -> None:
    assert {one.plan.several for one in compositions} == {True, False}
    assert not [one.text for one in compositions if "{" in one.text or "|" in one.text]


def test_every_form_and_tone_comes(compositions: tuple[Composition, ...]) -> None:
    assert len({(one.plan.form, one.plan.tone) for one in compositions}) == 5 * 4


def test_parts_are_divided_by_a_word_of_their_own() -> None:
    one = next(
        found
        for found in itertools.islice(Composer(LINES).compositions(1), 100)
        if found.plan.form == "body" and len(found.parts) == 4
    )
    assert one.text.split(f" {NEXT} ") == list(one.parts)


def test_rare_sets_of_places_come_often_enough_to_be_learnt() -> None:
    many = [Line("subject", "warm", f"{word} is the <product>") for word in map("".join, _words())]
    rare = Line("subject", "warm", "<percent> off: the <product>")
    found = itertools.islice(Composer((*many, rare, *LINES)).compositions(1), 3000)
    subjects = [one for one in found if (one.plan.form, one.plan.tone) == ("subject", "warm")]
    assert sum("<percent>" in one.text for one in subjects) > len(subjects) / 50


def _words() -> itertools.product[tuple[str, ...]]:
    return itertools.product("abcdefghij", repeat=2)


@pytest.mark.parametrize("lines", [(), (Line("hook", "warm", "Hello."),)])
def test_too_few_lines_are_told(lines: tuple[Line, ...]) -> None:
    with pytest.raises(ValueError, match="too few lines"):
        Composer(lines).composition(random.Random(1))
