"""Does the check let true messages through, and name the words of every false one?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from promotion_fakes import AMOUNT, BUNDLE, EARBUDS, PERCENT, SHIPPING, STATEMENT, STOVE, facts_of

from bot.promotions.check import LONGEST, LONGEST_SUBJECT, Message, findings, set_aside
from bot.promotions.claims import (
    last_day,
    money_findings,
    name_findings,
    number_findings,
    offer_findings,
)
from bot.promotions.facts import Facts, Reader
from bot.promotions.plans import Channel

CODE = replace(PERCENT, code="AUTUMN20")
FACTS = {
    "nothing": facts_of(),
    "percent": facts_of(offer=PERCENT),
    "code": facts_of(offer=CODE),
    "minimum above the price": facts_of(offer=replace(PERCENT, minimum_cents=9000)),
    "minimum below the price": facts_of(offer=replace(AMOUNT, minimum_cents=2000)),
    "minimum like the percent": facts_of(offer=replace(PERCENT, minimum_cents=2000)),
    "amount": facts_of(offer=AMOUNT),
    "shipping": facts_of(offer=SHIPPING),
    "bundle": facts_of(offer=BUNDLE),
    "anna": facts_of(reader=Reader("Anna", "Coffee & Tea", "Halvora Daybreak Face Cream")),
    "november": facts_of(offer=PERCENT, reader=Reader("November")),
    "earbuds": facts_of(EARBUDS),
    "sold out": facts_of(replace(STOVE, stock=0)),
}
TRUE = (
    ("nothing", "The Brackwater Ember One Gas Stove costs 49.90 EUR."),
    ("nothing", "Meet the Brackwater Ember One Gas Stove from Larkfield Supply. It weighs 262 g."),
    ("nothing", "This compact stove folds flat and weighs 262 g. It comes with a warranty of 3 years."),
    ("nothing", "The Brackwater Ember One Gas Stove's flame is steady, and 4 are in stock."),
    ("percent", "Now 39.92 EUR instead of 49.90 EUR: the stove is 20% off until 30 November."),
    ("percent", "Save 9.98 EUR on this stove. The offer ends on November 30th."),
    ("code", "With the code AUTUMN20, the stove is 20% off."),
    ("minimum above the price", "From 90.00 EUR, you have 20 percent off; the stove costs 49.90 EUR."),
    (
        "minimum below the price",
        "For orders from 20.00 EUR, save 10.00 EUR: the stove was 49.90 EUR and is now 39.90 EUR.",
    ),
    ("amount", "The stove is 10.00 EUR off and costs 39.90 EUR."),
    ("shipping", "The stove travels on us: free shipping until 30 November."),
    ("bundle", "The Mirette Pebble Stoneware Teapot 0.9 l comes along free of charge."),
    ("anna", "Hello Anna, you looked at the Halvora Daybreak Face Cream. Here is a stove."),
    ("earbuds", "These earbuds cost 59.00 EUR."),
    ("november", "Hello November, the stove is 20% off until 30 November."),
)
FALSE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "minimum like the percent",
        "The stove is 20% off: 39.92 EUR.",
        ("the order value from which the offer counts is missing",),
    ),
    ("nothing", "The stove costs 39.90 EUR.", ("an amount that is not in the facts: 39.90 EUR",)),
    ("nothing", "The stove costs €49.90.", ("an amount that is not in the facts: €49.90",)),
    ("nothing", "The stove costs 49.90 USD.", ("an amount that is not in the facts: 49.90 USD",)),
    ("nothing", "The stove costs 49.90.", ("a number that is not in the facts: 49.90",)),
    ("percent", "The stove was 39.92 EUR.", ("called the price before, and is not: 39.92 EUR",)),
    (
        "percent",
        "Now 49.90 EUR instead of 39.92 EUR.",
        ("called the price, and is not: 49.90 EUR", "called the price before, and is not: 39.92 EUR"),
    ),
    ("percent", "The stove now costs 49.90 EUR.", ("called the price, and is not: 49.90 EUR",)),
    ("percent", "Save 39.92 EUR on the stove.", ("called a reduction, and is not: 39.92 EUR",)),
    ("percent", "The stove is 49.90 EUR off.", ("called a reduction, and is not: 49.90 EUR",)),
    ("percent", "The stove is 25% off.", ("a percentage that is not in the facts: 25%",)),
    ("percent", "The stove is 20.5% off.", ("a percentage that is not in the facts: 20.5%",)),
    ("percent", "The stove is twenty percent off.", ("a number in words: twenty",)),
    ("nothing", "The stove is fifteen percent off.", ("a number in words: fifteen",)),
    (
        "nothing",
        "The stove is 20% off.",
        ("a percentage that is not in the facts: 20%", "a reduction that there is not: % off"),
    ),
    (
        "nothing",
        "The stove is half price.",
        ("a number in words: half", "a reduction that there is not: half price"),
    ),
    ("nothing", "The stove is a third off.", ("a number in words: third off",)),
    ("percent", "The stove is 20% off until 29 November.", ("a day that is not in the facts: 29 November",)),
    ("percent", "The stove is 20% off until 30 December.", ("a day that is not in the facts: 30 December",)),
    (
        "percent",
        "The stove is 20% off until Monday.",
        ("a day that is not in the facts: Monday", "a name that is not in the facts: Monday"),
    ),
    ("percent", "The stove is 20% off until tomorrow.", ("a day that is not in the facts: until tomorrow",)),
    ("percent", "The stove is 20% off, only this week.", ("a day that is not in the facts: only this week",)),
    ("nothing", "The stove is here until 30 November.", ("a day that is not in the facts: 30 November",)),
    (
        "code",
        "With the code AUTUMN25, the stove is 20% off.",
        ("a code or name that is not in the facts: AUTUMN25", "the code is missing: AUTUMN20"),
    ),
    ("code", "The stove is 20% off.", ("the code is missing: AUTUMN20",)),
    (
        "code",
        "With XAUTUMN20X, the stove is 20% off.",
        ("a code or name that is not in the facts: XAUTUMN20X", "the code is missing: AUTUMN20"),
    ),
    ("nothing", "Enter the code at the checkout for the stove.", ("a code that there is not: code",)),
    (
        "nothing",
        "Enter SPRING at the checkout for the stove.",
        ("a code or name that is not in the facts: SPRING",),
    ),
    (
        "minimum above the price",
        "The stove is 20% off.",
        ("the order value from which the offer counts is missing",),
    ),
    (
        "minimum above the price",
        "The stove is 20% off from 80.00 EUR.",
        (
            "an amount that is not in the facts: 80.00 EUR",
            "the order value from which the offer counts is missing",
        ),
    ),
    (
        "code",
        "The stove is 20% off with AUTUMN20 and costs 39.92 EUR on Friday.",
        ("a day that is not in the facts: Friday", "a name that is not in the facts: Friday"),
    ),
    ("nothing", "The stove is reduced.", ("a reduction that there is not: reduced",)),
    ("nothing", "Save on the stove.", ("a reduction that there is not: Save",)),
    ("shipping", "There is a discount on the stove.", ("a reduction that there is not: discount",)),
    ("nothing", "The stove comes with a cup on the house.", ("a gift that there is not: on the house",)),
    ("nothing", "Buy the stove and get the cup free.", ("a gift that there is not: get the cup free",)),
    ("nothing", "There is a free cup with the stove.", ("a gift that there is not: a free",)),
    ("shipping", "Free shipping. A cup on the house, too.", ("a gift that there is not: on the house",)),
    ("nothing", "The stove comes with free shipping.", ("free shipping that there is not: free shipping",)),
    (
        "percent",
        "The stove is 20% off, and there is no charge for postage.",
        ("free shipping that there is not: no charge for postage",),
    ),
    ("nothing", "The best stove for a walk.", ("needs proof, presses or speaks of health: best",)),
    ("nothing", "The quietest stove for a walk.", ("needs proof, presses or speaks of health: quietest",)),
    ("nothing", "This stove is unique.", ("needs proof, presses or speaks of health: unique",)),
    ("nothing", "Everyone likes this stove.", ("needs proof, presses or speaks of health: everyone",)),
    (
        "nothing",
        "Cooking on this stove relieves anxiety.",
        (
            "needs proof, presses or speaks of health: relieves",
            "needs proof, presses or speaks of health: anxiety",
        ),
    ),
    ("nothing", "A healthy stove.", ("needs proof, presses or speaks of health: healthy",)),
    (
        "nothing",
        "Hurry, the stove is almost gone.",
        (
            "needs proof, presses or speaks of health: hurry",
            "needs proof, presses or speaks of health: almost gone",
        ),
    ),
    ("nothing", "Last chance to see the stove.", ("needs proof, presses or speaks of health: last chance",)),
    ("nothing", "Children like this stove.", ("needs proof, presses or speaks of health: children",)),
    ("nothing", "Ask your mum for this stove.", ("needs proof, presses or speaks of health: ask your mum",)),
    ("nothing", "Only an idiot cooks without a stove.", ("insulting or blunt: idiot",)),
    (
        "nothing",
        "This stove is lighter than one by Fjellmark or Sony.",
        ("a name that is not in the facts: Fjellmark", "a name that is not in the facts: Sony"),
    ),
    ("nothing", "This stove beats IKEA.", ("a code or name that is not in the facts: IKEA",)),
    ("nothing", "Meet the <product>.", ("places are left unfilled: <product>",)),
    ("nothing", "Meet the [stove:a] and {it|they}.", ("places are left unfilled: [stove:a], {it|",)),
    ("nothing", "Meet the the stove.", ("a word stands twice: the the",)),
    ("nothing", "Meet the stove and", ("it ends in the middle of a sentence",)),
    (
        "nothing",
        "Hello Ben, here is a stove.",
        ("a name that is not in the facts: Ben", "a name that is not the reader's: Ben"),
    ),
    (
        "anna",
        "Hello Ben, here is a stove.",
        ("a name that is not in the facts: Ben", "a name that is not the reader's: Ben"),
    ),
    ("anna", "Dear Özlem, here is a stove.", ("a name that is not the reader's: Özlem",)),
    ("anna", "You bought a stove.", ("it speaks of what the reader bought",)),
    ("anna", "After your last order, here is a stove.", ("it speaks of what the reader bought",)),
    ("nothing", "You looked at a stove.", ("it speaks of what the reader looked at, which is not known",)),
    (
        "nothing",
        "A stove has caught your eye when you viewed it.",
        ("it speaks of what the reader looked at, which is not known",),
    ),
    ("anna", "A stove for your age.", ("a personal detail that the reader did not give: your age",)),
    ("anna", "Your wife likes this stove.", ("a personal detail that the reader did not give: Your wife",)),
    ("nothing", "Only 5 stoves are here.", ("a number that is not in the facts: 5",)),
    ("nothing", "The stove is rated 4 stars.", ("a number that is not in the facts: 4",)),
    ("nothing", "It weighs 4 kg.", ("a number that is not in the facts: 4",)),
    ("nothing", "It weighs 300 g.", ("a number that is not in the facts: 300",)),
    ("earbuds", "It comes with a warranty.", ("a promise that the facts do not have: warranty",)),
    ("nothing", "It comes with a lifetime warranty.", ("a promise that the facts do not have: lifetime",)),
    ("nothing", "It comes with a warranty of 5 years.", ("a number that is not in the facts: 5",)),
    ("nothing", "The stove has two burners.", ("a number in words: two",)),
    ("nothing", "The stove has a dozen uses.", ("a number in words: dozen",)),
    ("sold out", "The stove is in stock.", ("a promise that the facts do not have: in stock",)),
    ("nothing", "It is delivered to your door.", ("a promise that the facts do not have: delivered",)),
    ("nothing", "Easy returns.", ("a promise that the facts do not have: returns",)),
    ("nothing", "This stove is waterproof.", ("a promise that the facts do not have: waterproof",)),
    ("nothing", "These stove are light.", ("one and several are mixed up: these stove",)),
    ("earbuds", "This earbuds has a case.", ("one and several are mixed up: this earbuds",)),
    (
        "nothing",
        "The Brackwater Ember One Gas Stove are light.",
        ("one and several are mixed up after the product's name",),
    ),
    (
        "earbuds",
        "The Kessry Pip True Wireless Earbuds has a case.",
        ("one and several are mixed up after the product's name",),
    ),
    ("nothing", "", ("it is empty", "it ends in the middle of a sentence")),
)
UNSUBSCRIBE = "\n\nLarkfield Supply\n\nUnsubscribe: https://shop.example/no-more"
STOP = " Reply STOP to end."


def in_chat(text: str, facts: Facts) -> tuple[str, ...]:
    return findings(Message("chat", None, text), facts)


@pytest.mark.parametrize(("which", "text"), TRUE)
def test_what_the_facts_say_passes(which: str, text: str) -> None:
    assert in_chat(text, FACTS[which]) == ()


@pytest.mark.parametrize(("which", "text", "found"), FALSE)
def test_what_the_facts_do_not_say_is_named(which: str, text: str, found: tuple[str, ...]) -> None:
    assert in_chat(text, FACTS[which]) == found


def test_there_are_enough_messages_to_tell_the_check_by() -> None:
    assert len(TRUE) + len(FALSE) >= 60


def test_a_finding_comes_once_however_often_its_words_stand_there() -> None:
    assert in_chat("The best stove. The best of walks.", FACTS["nothing"]) == (
        "needs proof, presses or speaks of health: best",
    )


@pytest.mark.parametrize(
    ("channel", "subject", "text", "footer"),
    [
        ("email", "A stove", "Hello,\n\nhere is a stove.", UNSUBSCRIBE),
        ("sms", None, "Here is a stove.", STOP),
        ("push", None, "A stove for a walk", ""),
    ],
)
def test_every_channel_has_a_message_that_passes(
    channel: Channel, subject: str | None, text: str, footer: str
) -> None:
    assert findings(Message(channel, subject, text + footer, footer), FACTS["nothing"]) == ()


@pytest.mark.parametrize(("channel", "words"), [("email", "unsubscribe"), ("sms", "STOP")])
def test_there_is_a_way_to_unsubscribe_in_the_text_itself(channel: Channel, words: str) -> None:
    subject = "A stove" if channel == "email" else None
    missing = (f"there is no way to unsubscribe: {words}",)
    assert findings(Message(channel, subject, "Here is a stove."), FACTS["nothing"]) == missing
    promised = Message(channel, subject, "Here is a stove.", f"\n{words}")
    assert findings(promised, FACTS["nothing"]) == missing


def test_an_email_needs_a_subject_of_a_decent_length() -> None:
    text = f"Here is a stove.{UNSUBSCRIBE}"
    assert findings(Message("email", " ", text, UNSUBSCRIBE), FACTS["nothing"]) == ("it is empty",)
    long = "a stove " * 12
    assert findings(Message("email", long, text, UNSUBSCRIBE), FACTS["nothing"]) == (
        f"a subject has at most {LONGEST_SUBJECT} letters; came {len(long)}",
    )


def test_a_subject_is_checked_like_the_text() -> None:
    message = Message("email", "The best stove", f"Here is a stove.{UNSUBSCRIBE}", UNSUBSCRIBE)
    assert findings(message, FACTS["nothing"]) == ("needs proof, presses or speaks of health: best",)


@pytest.mark.parametrize("channel", ["chat", "push"])
def test_other_channels_have_their_longest_text(channel: Channel) -> None:
    most = LONGEST[channel]
    words = "a stove, " * 100
    assert findings(Message(channel, None, words[: most - 1] + "."), FACTS["nothing"]) == ()
    assert findings(Message(channel, None, words[:most] + "."), FACTS["nothing"]) == (
        f"at most {most} letters are allowed; came {most + 1}",
    )


def sms(copy: str) -> tuple[str, ...]:
    return findings(Message("sms", None, copy + STOP, STOP), FACTS["nothing"])


def test_an_sms_holds_160_septets_with_its_footer() -> None:
    room = 160 - len(STOP)
    fits = ("a stove, " * 20)[: room - 1] + "."
    assert sms(fits) == ()
    assert sms("a" + fits) == ("an SMS has at most 160 letters; this one has 161",)


def test_a_euro_sign_takes_two_septets() -> None:
    fits = ("a stove, " * 20)[: 160 - len(STOP) - 3] + "€."
    assert sms(fits) == ()
    assert sms(f"{fits[:-2]}a€.") == ("an SMS has at most 160 letters; this one has 161",)


def test_an_sms_has_no_letters_outside_gsm() -> None:
    assert sms("A stove – “light”.") == ("an SMS cannot have the letters –“”",)


@pytest.mark.parametrize("month", ["March", "April", "May", "June", "August"])
def test_whoever_is_called_like_a_month_gets_the_same_dates(month: str) -> None:
    ends = PERCENT.ends_at.replace(year=2027, month=9, day=1, hour=0)
    facts = facts_of(offer=replace(PERCENT, ends_at=ends), reader=Reader(month), timezone_name="UTC")
    assert in_chat(f"Hello {month}, the stove is 20% off until 31 August.", facts) == ()
    assert in_chat(f"Hello {month}, the stove is 20% off until August 31.", facts) == ()


def test_what_the_facts_have_word_for_word_is_set_aside() -> None:
    facts = facts_of(offer=BUNDLE, reader=Reader("Anna", "Coffee & Tea", "Kelp Soap, Set of 3"))
    text = (
        "Anna, the Brackwater Ember One Gas Stove and the Mirette Pebble Stoneware Teapot 0.9 l: 262 g. "
        f"{STATEMENT} After the Kelp Soap, Coffee & Tea at Larkfield Supply."
    )
    assert set_aside(text, facts) == "¤, the ¤ and the ¤: ¤.  After the ¤, ¤ at ¤."


def test_a_part_of_a_word_or_of_a_number_is_not_set_aside() -> None:
    text = "Annabel has 1262 g and 0.262 g."
    assert set_aside(text, facts_of(reader=Reader("Anna"))) == text


def test_each_kind_of_claim_is_looked_at_by_itself() -> None:
    facts = FACTS["nothing"]
    text = "Now 5.00 EUR, 10% off with SPRING by Fjellmark."
    assert list(money_findings(text, facts)) == ["an amount that is not in the facts: 5.00 EUR"]
    assert list(number_findings(text, facts)) == [
        "a percentage that is not in the facts: 10%",
        "a code or name that is not in the facts: SPRING",
    ]
    assert list(offer_findings(text, facts)) == ["a reduction that there is not: % off"]
    assert list(name_findings(text, facts)) == ["a name that is not in the facts: Fjellmark"]


def test_the_last_day_is_that_of_the_shops_clock() -> None:
    assert last_day(FACTS["percent"]) == (30, "November")
    assert last_day(facts_of(offer=PERCENT, timezone_name="Asia/Tokyo")) == (1, "December")
    assert last_day(FACTS["nothing"]) is None
