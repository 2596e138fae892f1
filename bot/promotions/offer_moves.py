"""What does a message about offers want: to see some, to see others, or to hear no more of them?

The buttons on a card say these words too, so what they send is read like everything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.recommendations.follow_ups import read_follow_up

Refuses = Literal["those", "all"]

_OFFERS = (
    r"(?:special )?(?:offers?|discounts?|promotions?|promos?|deals?|bargains?|coupons?|vouchers?|"
    r"ads?|adverts?|advertis\w+)"
)
_ANY = r"(?:(?:any|your|all|the|more|further|other|such|of|kind|these|those|special) )*"
_ALL = re.compile(
    r"(?<!there )(?<!there's )(?<!are )(?<!is )(?<!have )(?<!has )(?<!got )(?<!why )"
    rf"\bno (?:(?:more|further|other|such|special) )*{_OFFERS}\b|"
    rf"\b(?:stop|quit|cease|enough|spare me|leave me alone|turn off|switch off)\b.{{0,40}}\b{_OFFERS}\b|"
    r"\b(?:don'?t|do not|never) (?:ever |really )?(?:want|need|like|wish|show|send|give|tell|bother|push|"
    rf"offer|care|make)\b(?! to miss).{{0,40}}\b{_OFFERS}\b|"
    rf"\b(?:not|no longer|never) (?:\w+ )?interested in {_ANY}{_OFFERS}\b|"
    rf"\b(?:no interest in|could do without|hate) {_ANY}{_OFFERS}\b|"
    rf"\bkeep {_ANY}{_OFFERS} (?:to yourself|to yourselves|away)\b"
)
_ASKS_WHEN = re.compile(r"^\W*(?:when|what|which|how|why|where|who)\b")
_ONE_OF_THEM = re.compile(
    rf"\b(?:this|that|the (?:first|second|third|last)|these two|those two)(?: one)? {_OFFERS}\b"
)
_THOSE = re.compile(
    r"\b(?:not|isn'?t|aren'?t|no longer) (?:\w+ )?interest(?:ed|ing)\b|\bno interest\b|"
    r"\b(?:none|neither|not any) of (?:these|those|them|that)\b|\bi'?ll pass\b|"
    r"^\W*(?:no|nope|nah|none|neither|pass|(?:thanks,? but )?no,? (?:thanks|thank you|thx|ty))"
    r"(?: (?:please|thanks|thank you))?\W*$"
)
_MISUNDERSTOOD = re.compile(r"\bnot what i (?:asked|meant|said)\b")
_FOR_A_NAME = re.compile(r"^\W*no offers for\s*:\s*(.+?)\s*$", re.IGNORECASE | re.DOTALL)
_AGAIN = re.compile(r"\b(?:again|after all|once more|anyway)\b|\b(?:turn|switch) .{0,20}(?:back )?on\b")
_OTHERS = re.compile(r"\b(?:more|others?|further|different|else|another)\b(?! (?:than|like))")
_PLACES = {"first": 0, "second": 1, "third": 2, "last": -1}
_PLACE = re.compile(rf"\bthe ({'|'.join(_PLACES)})\b")
_CODE = re.compile(r"\b(?:codes?|vouchers?|coupons?)\b")
_OFFER_WORDS = re.compile(
    rf"\b(?:runs?|running (?:any|some|a)) (?:any |some |a )*{_OFFERS}\b|"
    rf"\b{_OFFERS} (?:are |is |now |currently )*running\b(?! \w)|"
    r"\b(?:first order|on sale|for sale|in the sale|sales?|half[- ]price|marked down|"
    r"price (?:cuts?|drops?|reductions?))\b|"
    rf"\b(?:clearance|reduced|reductions?|discounted|money off|cut[- ]price|(?:promo )?codes?|{_OFFERS})\b|"
    r"\b\d+ ?(?:%|percent|per cent)(?: off)?|(?:\d+ ?(?:euros?|eur|€)|€ ?\d+) off\b",
    re.IGNORECASE,
)
_A_TIME = re.compile(r"\bthis (?:week|weekend|month|year|season|time|morning|evening|autumn|spring)\b")


@dataclass(frozen=True)
class OfferMoves:
    """`refuses` is `those` for what was shown last and `all` for offers as such, None for no refusal.

    `again` wants to see what was refused, `others` what was not shown yet, `similar` offers like one that was
    shown; `needs_code` asks for a code. `place` is 0 for "the first one" and -1 for "the last"; it `points`
    at something without naming it.
    """

    refuses: Refuses | None = None
    again: bool = False
    others: bool = False
    similar: bool = False
    needs_code: bool = False
    place: int | None = None
    points: bool = False


def read_offer_moves(message: str) -> OfferMoves:
    """What the message wants done; nothing set for a plain question after offers."""
    text = _A_TIME.sub("now", re.sub(r"\s+", " ", re.sub(r"[’`´]", "'", message.lower())))
    follow_up = read_follow_up(text)
    refuses = _refusal(text, "dismiss" in follow_up.moves)
    return OfferMoves(
        refuses,
        again=_AGAIN.search(text) is not None,
        others=_OTHERS.search(text) is not None,
        similar="similar" in follow_up.moves,
        needs_code=_CODE.search(text) is not None,
        place=follow_up.place if follow_up.place is not None else _place_of(text),
        points=follow_up.points,
    )


def name_refused(message: str) -> str | None:
    """What stands in `No offers for: NAME`, as a card's button says it; None for any other message."""
    match = _FOR_A_NAME.match(message)
    return None if match is None else match[1]


def without_offer_words(message: str) -> str:
    """The message without what only says that it is about offers: no product is called that."""
    return _OFFER_WORDS.sub(" ", message)


def _refusal(text: str, is_dismissed: bool) -> Refuses | None:
    if _ALL.search(text) is not None and _ASKS_WHEN.match(text) is None:
        return "those" if _ONE_OF_THEM.search(text) is not None else "all"
    if _MISUNDERSTOOD.search(text) is not None:
        return None
    return "those" if is_dismissed or _THOSE.search(text) is not None else None


def _place_of(text: str) -> int | None:
    match = _PLACE.search(text)
    return None if match is None else _PLACES[match[1]]
