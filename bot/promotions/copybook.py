"""Which lines did people write for the writer to learn from? The copybook: lines with places for facts.

A line of a file is ``role tone | text``. In the text ``<price>`` is a place that a fact fills, and
``{it|they}`` is what stands for one thing and for several.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.promotions.words import banned_words, unproven_claims

COPYBOOK = Path(__file__).parent / "copybook"

ROLES = ("subject", "hook", "about", "offer", "close", "sms", "push")
TONES = ("warm", "playful", "plain", "refined")

PLACES = {
    "product": "the product's whole name, which has a capital letter and may be long",
    "kind": "what it is, in one lower-case noun: backpack, earbuds, tea",
    "category": "the shop's name of the shelf: Hiking & Camping",
    "price": "what it costs now: 39.90 EUR",
    "old_price": "what it costs without the offer",
    "percent": "the reduction: 20%",
    "saving": "what is saved in money: 10.00 EUR",
    "code": "what the shopper enters at the checkout: AUTUMN20",
    "until": "the offer's last day: 30 November",
    "minimum": "the order's value from which the offer counts: 50.00 EUR",
    "free_shipping": "the words: free shipping",
    "bundle": "the whole name of another product, which comes with this one",
    "stock": "how many pieces are there: 4",
    "interest": "the name of a shelf at which this shopper looked",
    "seen": "the whole name of another product at which this shopper looked",
    "statement": "a whole sentence of the product's page with its full stop; it stands alone",
    "weight": "262 g",
    "material": "merino wool",
    "runtime": "9 hours",
    "warranty": "3 years",
    "volume": "1.2 l",
    "size": "24 x 38 x 36 cm",
    "colours": "slate and oat",
    "spec": "a detail that reads as a noun: 24 W output",
    "name": "the shopper's first name",
    "shop": "the shop's name",
}
DETAILS = ("statement", "weight", "material", "runtime", "warranty", "volume", "size", "colours", "spec")
OFFER_PLACES = (
    "price",
    "old_price",
    "percent",
    "saving",
    "code",
    "until",
    "minimum",
    "free_shipping",
    "bundle",
    "stock",
)
ANYWHERE = ("product", "kind", "category", "shop")
PLACES_OF_ROLE = {
    "subject": (
        *ANYWHERE,
        "price",
        "percent",
        "saving",
        "until",
        "free_shipping",
        "bundle",
        "name",
        "interest",
    ),
    "hook": (*ANYWHERE, "interest", "seen"),
    "about": (*ANYWHERE, *DETAILS),
    "offer": (*ANYWHERE, *OFFER_PLACES),
    "close": (*ANYWHERE, "until", "code"),
    "sms": (*ANYWHERE, *OFFER_PLACES),
    "push": (*ANYWHERE, *OFFER_PLACES, "interest"),
}
LONGEST_TEXT = {"subject": 60, "hook": 160, "about": 160, "offer": 170, "close": 110, "sms": 130, "push": 110}
"""In characters, a place counting as its name does."""

_LINE = re.compile(r"(\w+) (\w+) \| (.+)")
_PLACE = re.compile(r"<([^<>]*)>")
_NUMBER = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
_ALLOWED = re.compile(r"[A-Za-z ,.;:'\"!?()\-<>_{}|&\n]*")


class BrokenCopybook(Exception):
    """A line of the copybook is not as it must be; the message says where and why."""


@dataclass(frozen=True)
class Line:
    """One line: `text` still has its places and its two numbers."""

    role: str
    tone: str
    text: str

    def said_of(self, several: bool) -> str:
        """The text for one thing or for several."""
        return _NUMBER.sub(lambda found: found.group(2 if several else 1), self.text)

    @property
    def places(self) -> tuple[str, ...]:
        """In the order of the text, as often as they stand there."""
        return tuple(_PLACE.findall(self.text))


def read_copybook(folder: Path = COPYBOOK) -> tuple[Line, ...]:
    """All lines of all ``.txt`` files, each text of a role once. Raises BrokenCopybook."""
    found: dict[tuple[str, str], Line] = {}
    for path in sorted(folder.glob("*.txt")):
        for line in lines_of(path):
            found.setdefault((line.role, line.text), line)
    if not found:
        raise BrokenCopybook(f"{folder} should have .txt files with lines like 'hook warm | Meet <product>.'")
    return tuple(found.values())


def lines_of(path: Path) -> Iterator[Line]:
    """The lines of one file; empty ones and those that begin with # are left out. Raises BrokenCopybook."""
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if raw.strip() and not raw.startswith("#"):
            yield _parsed(raw.strip(), f"{path.name} line {number}")


def _parsed(raw: str, where: str) -> Line:
    found = _LINE.fullmatch(raw)
    if found is None:
        raise BrokenCopybook(f"{where}: should be 'role tone | text'; came {raw[:60]!r}")
    line = Line(found.group(1), found.group(2), found.group(3).strip())
    for problem in problems_of(line):
        raise BrokenCopybook(f"{where}: {problem}")
    return line


def problems_of(line: Line) -> Iterator[str]:
    """What is wrong with a line, each in a sentence."""
    if line.role not in ROLES:
        yield f"the role should be one of {', '.join(ROLES)}; came {line.role!r}"
        return
    if line.tone not in TONES:
        yield f"the tone should be one of {', '.join(TONES)}; came {line.tone!r}"
    if unknown := [place for place in line.places if place not in PLACES_OF_ROLE[line.role]]:
        allowed = ", ".join(PLACES_OF_ROLE[line.role])
        yield f"{line.role} may have the places {allowed}; came {', '.join(unknown)}"
    if len(set(line.places)) < len(line.places):
        yield "each place may stand once"
    if not _ALLOWED.fullmatch(line.text):
        yield f"letters and plain punctuation only, no digits; came {_ALLOWED.sub('', line.text)[:20]!r}"
    if len(line.said_of(True)) > LONGEST_TEXT[line.role]:
        yield f"{line.role} should have at most {LONGEST_TEXT[line.role]} characters; has {len(line.text)}"
    if "{" in _NUMBER.sub("", line.text) or "<" in _PLACE.sub("", line.text):
        yield "a bracket is not closed"
    if line.role != "subject" and not line.text.endswith("<statement>") and line.text[-1] not in ".!?":
        yield "should end with a full stop, ! or ?"
    spoken = _PLACE.sub("", line.said_of(False))
    if words := [*banned_words(spoken), *unproven_claims(spoken)]:
        yield f"should say nothing that needs proof or presses: {', '.join(words)}"
