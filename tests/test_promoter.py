"""Does only what the check passed get out, the best first, and is there a plain text where nothing did?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest
from promotion_fakes import EARBUDS, PERCENT, STOVE, FixedWriter, facts_of

from bot.promotions.check import Message
from bot.promotions.facts import Facts, Reader
from bot.promotions.layout import STOP, Footers
from bot.promotions.plans import CHANNELS, Channel, Plan
from bot.promotions.promoter import Promoter, Request, likeness, triples
from bot.promotions.writer import Written

FOOTERS = Footers("https://shop.example/no-more")
ASKED = Request(facts_of(STOVE, PERCENT), "chat", 2, seed=3)


@dataclass
class Sayings(FixedWriter):
    """Says the sentences one after the other, each as a whole one-part text, whatever the plan."""

    sentences: Sequence[str] = ()
    scores: Sequence[float] = ()
    said: int = 0

    def write(self, plans: Sequence[Plan], seed: int) -> list[Written]:
        texts = []
        for plan in plans:
            place = self.said % len(self.sentences)
            score = self.scores[place] if self.scores else -1.0
            texts.append(Written(plan, (self.sentences[place],), score, True))
            self.said += 1
        return texts


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_gets_messages_that_passed_the_check(channel: Channel) -> None:
    asked = replace(ASKED, channel=channel)
    found = Promoter(FixedWriter(), FOOTERS).promote(asked)
    assert found.messages
    assert all(one.source == "model" and not one.findings for one in found.messages)
    assert found.first_passed
    if channel == "email":
        assert all(
            one.message.subject and FOOTERS.unsubscribe_url in one.message.text for one in found.messages
        )
    if channel == "sms":
        assert all(one.message.text.endswith(STOP) for one in found.messages)


def test_what_the_check_refuses_is_kept_with_its_reason_and_not_shown() -> None:
    writer = Sayings(sentences=("The <product> is <percent> off.", "The best <product>, <percent> off."))
    found = Promoter(writer, FOOTERS).promote(replace(ASKED, count=1))
    assert [one.message.text for one in found.messages] == ["The Brackwater Ember One Gas Stove is 20% off."]
    assert {one.findings for one in found.refused} == {("needs proof, presses or speaks of health: best",)}


def test_where_nothing_passes_the_plain_facts_stand_in_and_say_that_they_are_a_template() -> None:
    found = Promoter(Sayings(sentences=("The best <product>.",)), FOOTERS).promote(ASKED)
    (only,) = found.messages
    assert only.source == "template"
    assert only.message.text == (
        "Brackwater Ember One Gas Stove: 39.92 EUR instead of 49.90 EUR. Until 30 November."
    )
    assert found.refused
    assert found.first_passed is False


def test_where_not_even_the_plain_facts_pass_there_is_no_message() -> None:
    def refuses(message: Message, facts: Facts) -> tuple[str, ...]:
        return ("no",)

    found = Promoter(FixedWriter(), FOOTERS, check=refuses).promote(ASKED)
    assert found.messages == ()
    assert found.refused[-1].source == "template"


def test_likelier_words_come_first_and_no_text_twice() -> None:
    writer = Sayings(
        sentences=(
            "The <product>: <percent> off.",
            "<percent> off the <product>.",
            "Now <percent> less: the <product>.",
        ),
        scores=(-2.0, -0.5, -1.0),
    )
    found = Promoter(writer, FOOTERS).promote(replace(ASKED, count=3))
    assert [one.written[0] for one in found.messages] == [
        "<percent> off the <product>.",
        "Now <percent> less: the <product>.",
        "The <product>: <percent> off.",
    ]


def test_what_fits_the_readers_interests_comes_first() -> None:
    def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.asarray([[1.0, 0.0] if "Now" in text else [0.0, 1.0] for text in texts], dtype=np.float32)

    writer = Sayings(sentences=("<percent> off the <product>.", "Now <percent> less: the <product>."))
    asked = replace(ASKED, reader_vector=np.asarray([1.0, 0.0], dtype=np.float32))
    found = Promoter(writer, FOOTERS, embed).promote(asked)
    assert found.messages[0].written[0].startswith("Now")


def test_what_the_reader_was_sent_before_comes_last() -> None:
    writer = Sayings(sentences=("<percent> off the <product>.", "Now <percent> less: the <product>."))
    first = Promoter(writer, FOOTERS).promote(ASKED).messages[0]
    again = Promoter(replace(writer, said=0), FOOTERS).promote(replace(ASKED, shown=(first.message.text,)))
    assert again.messages[-1].written == first.written


def test_a_text_that_a_person_rejected_is_not_written_again() -> None:
    writer = Sayings(sentences=("<percent> off the <product>.", "Now <percent> less: the <product>."))
    rejected = frozenset({"<percent> off the <product>."})
    found = Promoter(writer, FOOTERS).promote(replace(ASKED, rejected=rejected))
    assert [one.written[0] for one in found.messages] == ["Now <percent> less: the <product>."]
    assert found.refused[0].findings == ("a person rejected this text before",)


def test_a_text_without_an_end_and_one_about_a_fact_that_there_is_not_are_refused() -> None:
    class Breaks(Sayings):
        def write(self, plans: Sequence[Plan], seed: int) -> list[Written]:
            return [replace(text, is_whole=False) for text in super().write(plans, seed)]

    unfinished = Promoter(Breaks(sentences=("The <product> is",)), FOOTERS).promote(ASKED)
    assert unfinished.refused[0].findings == ("it does not come to an end",)
    other = Promoter(Sayings(sentences=("The <product> with <bundle>.",)), FOOTERS).promote(ASKED)
    assert other.refused[0].findings == ("no fact for 'bundle'",)


def test_many_requests_are_written_together_and_each_gets_its_own() -> None:
    several = facts_of(EARBUDS, PERCENT, reader=Reader("Ida"))
    found = Promoter(FixedWriter(), FOOTERS).promote_all([ASKED, replace(ASKED, facts=several)])
    assert [("Kessry" in one.messages[0].message.text) for one in found] == [False, True]


def test_likeness_is_the_share_of_word_triples_that_were_there_before() -> None:
    assert likeness("a b c d", [triples("x a b c y")]) == 0.5
    assert likeness("a b c d", []) == 0.0
