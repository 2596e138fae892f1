"""How much may it cost? Budgets in a shopper's words, told from every other number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

PriceLevel = Literal["low", "high"]

AROUND = (0.75, 1.25)
"""What "around 100" allows, as parts of the amount."""
_SMALLEST_BARE_WORD = 10
"""A number word below this is money only with a currency: "under five" is more often an age."""


def _numbered(words: str, start: int, step: int = 1) -> dict[str, int]:
    return {word: start + step * place for place, word in enumerate(words.split())}


_UNITS = _numbered("one two three four five six seven eight nine", 1)
_TEENS = _numbered("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10)
_TENS = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10) | {"fourty": 40}
_SMALL = rf"(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(_UNITS)}))?|{'|'.join(_TEENS)}|{'|'.join(_UNITS)}"
_WORDED = rf"(?:(?:a|{'|'.join(_UNITS)})\s+)?(?:hundred|thousand)(?:\s+(?:and\s+)?(?:{_SMALL}))?|{_SMALL}"
_DIGITS = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d{1,6}(?:[.,]\d{1,2})?"
_SIGN = r"€|\$|£"
_CURRENCY = rf"(?:{_SIGN}|(?:euros?|eur|dollars?|usd|bucks?|quid|pounds?|gbp|chf|francs?)\b)"


def _money(name: str) -> str:
    """An amount with or without its currency, as the groups `name`, `name_before` and `name_after`."""
    return (
        rf"(?:(?P<{name}_before>{_SIGN}|\b(?:eur|usd|gbp|chf)\b)\s?)?"
        rf"(?<![\w.,])(?P<{name}>{_DIGITS}|\b(?:{_WORDED})\b)(?:\s?(?P<{name}_after>{_CURRENCY}))?(?=ish\b|[^\w%]|$)"
    )


_A = r"(?:(?:about|around|roughly|the|a|an|of|is|to|be)\s+)*"
_RANGE = re.compile(
    rf"(?:\b(?P<word>between|from)\s+)?{_money('low')}\s*(?:(?P<and>and)|to|till|until|-|–|—)\s*{_money('high')}"
)
_HIGHEST = re.compile(
    r"(?:(?<!not )(?<!no )\b(?:under|below|beneath|less than|lower than|cheaper than|up to|upto|"
    r"at (?:the )?most|max(?:imum|\.)?|within|not exceeding|budget(?: is)?:?|limit(?: is)?:?|"
    r"spend(?: up to)?|afford|"
    r"(?:no|not|nothing|don'?t|never)(?: \w+){0,3} (?:more than|over|above|beyond))|<=?|≤)\s*"
    rf"{_A}{_money('high')}"
)
_HIGHEST_AFTER = re.compile(
    rf"{_money('high')}\s*(?:(?:or|and)\s+(?:less|under|below|cheaper)|max(?:imum)?\b|tops\b|"
    r"at (?:the )?most|budget\b|limit\b)"
)
_LOWEST = re.compile(
    r"(?:\b(?:over|above|more than|at least|min(?:imum)?|from|starting (?:at|from)|upwards of|"
    rf"(?:no|not)(?: \w+)? (?:less than|under|below))|>=?|≥)\s*{_A}{_money('low')}"
)
_LOWEST_AFTER = re.compile(rf"{_money('low')}\s*(?:or more|and up(?:wards)?|upwards|\+)")
_AROUND = re.compile(
    rf"(?:\b(?:around|about|roughly|approx(?:imately|\.)?|circa|ca\.?|somewhere near|something like)|~)\s*"
    rf"{_money('mid')}"
)
_AROUND_AFTER = re.compile(rf"{_money('mid')}(?:\s?-?ish\b|\s+or so\b)")
_EXACT = re.compile(_money("high"))

_NUMBER_IS_A_PERSON = re.compile(
    r"\b(?:kids?|child(?:ren)?|people|persons?|adults?|m[ae]n|wom[ae]n|boys?|girls?|someone|anyone|everyone|"
    r"teen(?:ager)?s?|toddlers?|bab(?:y|ies)|aged?|ages|those|he is|she is|player?s?)\s*$"
)
_MAY_FOLLOW = frozenset(
    re.findall(
        r"\S+",
        """
        or and but for on per please pls plz thanks total altogether tops if i i'd i'm we who that
        which with without maybe in as at is would could to so because since my his her our
        something anything nothing gift gifts present presents each max maximum he she they it it's
        a an the not no except only what what's can do any some me you ideally preferably although
        though including from show recommend ideas idea also this then he's she's budget
        """,
    )
)
_NEXT_WORD = re.compile(r"\s*([\w']+)")
_ENDS = re.compile(r"\s*(?:[.,;:!?)…]|$)")

_LOW_LEVEL = re.compile(
    r"\bnot (?:too |so |very |that )?(?:expensive|pricey|costly|dear)\b|"
    r"\b(?:cheap|inexpensive|affordable|low[- ](?:cost|price|priced|budget)|budget[- ]friendly|"
    r"(?:tight|small|low|little|limited) budget|on a budget|good value|bargains?|"
    r"without spending (?:much|a lot|too much)|(?:doesn'?t|does not|won'?t) cost (?:much|a lot|the earth))\b"
)
_HIGH_LEVEL = re.compile(
    r"\b(?:luxur(?:y|ious)|premium|high[- ]end|splurge|exclusive|top[- ]of[- ]the[- ](?:range|line)|fancy|"
    r"(?:money|price) (?:is|does)(?:n'?t| not| no) (?:matter|object)|no expense spared|expensive)\b"
)


@dataclass(frozen=True)
class Budget:
    """Both ends are inclusive, in cents of the shop's own currency whatever sign was written, None for open.
    `level` says "cheap" or "luxurious" without a number. `rest` is the message without all that, in small
    letters."""

    lowest_cents: int | None
    highest_cents: int | None
    level: PriceLevel | None
    rest: str

    @property
    def is_there(self) -> bool:
        return (self.lowest_cents, self.highest_cents, self.level) != (None, None, None)


def read_budget(text: str) -> Budget:
    """What the message says about the price."""
    rest = re.sub(r"[’`´]", "'", text.lower())
    lowest, highest = None, None
    match = _first(_RANGE, rest, ("low", "high"))
    if match is not None and _is_range(match):
        lowest, highest = sorted((_cents(match, "low"), _cents(match, "high")))
        rest = _without(rest, match)
    else:
        highest, rest = _one((_HIGHEST, _HIGHEST_AFTER), rest, "high")
        lowest, rest = _one((_LOWEST, _LOWEST_AFTER), rest, "low")
        if lowest is None and highest is None:
            middle, rest = _one((_AROUND, _AROUND_AFTER), rest, "mid")
            if middle is not None:
                lowest, highest = (round(part * middle) for part in AROUND)
        if lowest is None and highest is None:
            highest, rest = _one((_EXACT,), rest, "high", needs_currency=True)
        if lowest is not None and highest is not None:
            lowest, highest = sorted((lowest, highest))
    level: PriceLevel | None = None
    for pattern, name in ((_LOW_LEVEL, "low"), (_HIGH_LEVEL, "high")):
        found = pattern.search(rest)
        if found is not None:
            rest = _without(rest, found)
            if level is None and lowest is None and highest is None:
                level = "low" if name == "low" else "high"
    return Budget(lowest, highest, level, rest)


def _one(
    patterns: tuple[re.Pattern[str], ...], text: str, name: str, needs_currency: bool = False
) -> tuple[int | None, str]:
    """The first amount that is money, and the text without it."""
    for pattern in patterns:
        match = _first(pattern, text, (name,), needs_currency)
        if match is not None:
            return _cents(match, name), _without(text, match)
    return None, text


def _first(
    pattern: re.Pattern[str], text: str, names: tuple[str, ...], needs_currency: bool = False
) -> re.Match[str] | None:
    for match in pattern.finditer(text):
        if _has_currency(match, *names) or (not needs_currency and _is_bare_money(match, text, names)):
            return match
    return None


def _is_range(match: re.Match[str]) -> bool:
    """ "between 20 and 40" and "20-40 euros" are; "sizes 42-43" and "a hundred and fifty" are not."""
    return match["word"] is not None or (match["and"] is None and _has_currency(match, "low", "high"))


def _has_currency(match: re.Match[str], *names: str) -> bool:
    return any(match[f"{name}_{side}"] is not None for name in names for side in ("before", "after"))


def _is_bare_money(match: re.Match[str], text: str, names: tuple[str, ...]) -> bool:
    """Is a number without a currency money? Not if it counts or measures what follows, or is an age."""
    if any(match[name].isalpha() and _cents(match, name) < 100 * _SMALLEST_BARE_WORD for name in names):
        return False
    if _NUMBER_IS_A_PERSON.search(text[: match.start()]) is not None:
        return False
    after = text[match.end() :]
    word = _NEXT_WORD.match(after)
    return _ENDS.match(after) is not None or (word is not None and word[1] in _MAY_FOLLOW)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()].rstrip()} , {text[match.end() :].lstrip()}".strip()


def _cents(match: re.Match[str], name: str) -> int:
    written = match[name]
    if not written[0].isdigit():
        return 100 * _worded(written)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?", written):
        whole = re.match(r"\d{1,3}(?:[.,]\d{3})+", written)
        thousands = "" if whole is None else whole[0]
        fraction = written[len(thousands) + 1 :]
        return 100 * int(re.sub(r"\D", "", thousands)) + int(fraction.ljust(2, "0") or 0)
    units, _, fraction = written.replace(",", ".").partition(".")
    return 100 * int(units) + int(fraction.ljust(2, "0") or 0)


def _worded(text: str) -> int:
    """`two hundred and fifty` is 250."""
    total, current = 0, 0
    for word in re.findall(r"[a-z]+", text):
        if word in ("hundred", "thousand"):
            total += max(current, 1) * (100 if word == "hundred" else 1000)
            current = 0
        else:
            current += _UNITS.get(word, 0) + _TEENS.get(word, 0) + _TENS.get(word, 0)
    return total + current
