"""What is to change about the last recommendations? "Cheaper", "more like this", "not for me" and the like.

The buttons on a card say these words too, so what they send is read like everything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Move = Literal[
    "dismiss",
    "cheaper",
    "dearer",
    "similar",
    "goes_with",
    "popular",
    "others",
    "any_price",
    "any_kind",
    "anew",
]
"""`others`: other products for the same wish. `any_price` and `any_kind` drop what was said about them."""

_THIS = r"(?:this|that|it|these|those|them|the)"
_MOVES: tuple[tuple[Move, str], ...] = (
    (
        "anew",
        r"\b(?:start (?:over|again|anew|from scratch)|from the beginning|new search|"
        r"forget (?:all|everything|what i))\b",
    ),
    (
        "any_price",
        r"\b(?:any price(?: is fine)?|whatever (?:it costs|the price)|"
        r"(?:the )?price does(?: not|n'?t) matter|"
        r"no (?:price )?limit|forget (?:about )?(?:the|my) (?:price|budget))\b",
    ),
    (
        "any_kind",
        r"\b(?:any (?:kind|type|category|sort)(?: of product)?(?: is fine)?|all (?:kinds|categories)|"
        r"(?:no matter|doesn'?t matter) what(?: kind)?)\b",
    ),
    (
        "dismiss",
        r"\bnot for me\b|\bnot (?:my|really my) (?:thing|style|taste|cup of tea)\b|"
        r"\bnot (?:quite )?what i\b|"
        rf"\b(?:don'?t|do not|didn'?t) (?:really )?(?:like|want|need|fancy) {_THIS}\b|"
        rf"\b(?:i )?already (?:have|own|got|bought) {_THIS}\b|"
        rf"\b(?:i )?(?:have|own|got) {_THIS} (?:one )?already\b|"
        r"\b(?:not interested in|no interest in|hate|dislike|get rid of|remove|hide|leave out|skip|without) "
        rf"{_THIS}\b|"
        r"\bnot (?=(?:the )?(?:first|second|third|fourth|last|1st|2nd|3rd|4th)\b)|\bnot (?:this|that|it)\b",
    ),
    (
        "cheaper",
        r"\bcheaper\b|\bless (?:expensive|money|pricey|costly)\b|"
        r"\b(?:a )?lower(?:[- ]priced| price| prices)\b|"
        r"\bmore affordable\b|"
        r"\b(?:way |much |far |a bit |bit )?too (?:expensive|pricey|dear|costly|much money)\b|"
        r"\bcosts? (?:too much|less)\b|\bcan'?t afford (?:it|that|this|them)\b|\b(?:over|above) my budget\b",
    ),
    (
        "dearer",
        r"\bmore (?:expensive|premium|luxurious|upmarket)\b|\bpricier\b|\b(?:better|higher) quality\b",
    ),
    (
        "goes_with",
        r"\b(?:go(?:es)?|going|fits?|works?|pairs?|combin(?:e|es|ed)) "
        r"(?:well |nicely |good |best |together )?with\b|"
        r"\bmatch(?:es|ing)\b|\bto (?:go|match) (?:with|it)\b|"
        r"\baccessor(?:y|ies) (?:for|to)\b|\badd[- ]?ons? (?:for|to)\b|"
        r"\b(?:bought|buy|buys) (?:together )?with\b|\bwhat else do i need\b|\bcomplements?\b|"
        r"\bto complete (?:the|my) set\b",
    ),
    (
        "similar",
        r"\b(?:more|others?|another(?: one)?|one) (?:\w+ )?like\b|\bsimilar\b|\balternatives?\b|"
        rf"\b(?:something|anything|ones?) like (?:{_THIS}|one|my)\b|"
        r"\blike (?:this|that|it|these|those|them)\b(?! (?:price|much))|"
        r"\bsame (?:kind|sort|type|style)\b|\bcomparable\b|\bresembl",
    ),
    (
        "popular",
        r"\b(?:most )?popular\b|\bbest[- ]?sell(?:er|ers|ing)\b|\btrend(?:s|ing|y)\b|"
        r"\btop (?:products?|sellers?|picks?|items?|ten|10|5)\b|"
        r"\bmost (?:bought|sold|wanted|loved|viewed)\b|"
        r"\b(?:others|other people|everyone|everybody|people|customers)(?: usually| mostly| else)? "
        r"(?:buy|buying|like|love|choose|order|get)\b|"
        r"\bwhat'?s (?:hot|in)\b|\b(?:customer|crowd) favou?rites?\b",
    ),
    (
        "others",
        r"\b(?:show|give) (?:me )?(?:some |a few )?(?:more|others?|different)\b|"
        r"\b(?:some |any |a few |few )?(?:more|other|further|different) "
        r"(?:ideas?|options?|suggestions?|ones?|products?|recommendations?|things?|choices?|please)\b|"
        r"\b(?:something|anything|what) else\b|\bsomething different\b|\bnext(?: ones?)?\b|"
        r"^\s*(?:more|others?|next|another one)\W*$|\bnone of (?:these|those|them)\b",
    ),
)
_PATTERNS: tuple[tuple[Move, re.Pattern[str]], ...] = tuple(
    (move, re.compile(words)) for move, words in _MOVES
)
_LEFT_OVER = re.compile(r"^\s*(?:than|to|with|for|like|of|is|are)\b\s*|[:\"“”]")
_PLACES = {
    **dict.fromkeys(("first", "1st"), 0),
    **dict.fromkeys(("second", "2nd"), 1),
    **dict.fromkeys(("third", "3rd"), 2),
    **dict.fromkeys(("fourth", "4th"), 3),
    "last": -1,
}
_PLACE = re.compile(rf"\b(?:the )?({'|'.join(_PLACES)})(?: (?:one|product|item|suggestion))?\b")
_POINTS = re.compile(
    r"\b(?:it|this|these|those|them|its|here)\b|\bthat(?: one|'s too)\b|\bthat(?=\W*(?:$|[,.!?]|but |and ))"
)


@dataclass(frozen=True)
class FollowUp:
    """`moves` are all that were asked for; `place` is 0 for "the first one" and -1 for "the last", None if
    no place was named; it `points` at something ("this", "it") without naming it. `rest` is the message, in
    small letters, without these words."""

    moves: frozenset[Move]
    place: int | None
    points: bool
    rest: str

    @property
    def is_definite(self) -> bool:
        """Does it say which product, if only by pointing or counting?"""
        return self.points or self.place is not None


def read_follow_up(message: str) -> FollowUp:
    """What the message changes; no moves for a wish on its own."""
    rest = re.sub(r"\s+", " ", re.sub(r"[’`´]", "'", message.lower()))
    moves: set[Move] = set()
    for move, pattern in _PATTERNS:
        if move in ("popular", "others") and moves:
            continue
        if pattern.search(rest) is None:
            continue
        if move == "cheaper" and re.search(r"\bcheaper than\W{0,3}(?:€|\$|£)?\d", rest) is not None:
            continue
        moves.add(move)
        rest = _LEFT_OVER.sub(" ", pattern.sub(" ", rest)).strip()
    points = _POINTS.search(message.lower()) is not None
    place = _PLACE.search(rest) if moves else None
    if place is not None:
        rest = f"{rest[: place.start()]} {rest[place.end() :]}"
    return FollowUp(frozenset(moves), None if place is None else _PLACES[place[1]], points, rest)
