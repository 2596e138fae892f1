"""Which words may no promotion have? Insults, superlatives that need proof, pressure, claims of health.

The lists are the files of `forbidden/`; a shop may add lines to them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FORBIDDEN = Path(__file__).parent / "forbidden"
UNPROVEN = ("claims", "health", "pressure")


def banned_words(text: str) -> list[str]:
    """The insults and blunt words in a text, lower case, in its order."""
    return _found(text, "insults")


def unproven_claims(text: str) -> list[str]:
    """Superlatives that need proof, claims of health and words that press, lower case."""
    return [word for name in UNPROVEN for word in _found(text, name)]


def promises_of_service(text: str) -> list[str]:
    """Words about delivery, returns, warranty, stock and make, which are true only where the facts say so."""
    return _found(text, "service")


def _found(text: str, name: str) -> list[str]:
    return [found.group().lower() for found in _pattern(name).finditer(text)]


@cache
def _pattern(name: str) -> re.Pattern[str]:
    rows = (FORBIDDEN / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    entries = [row for row in rows if row.strip() and not row.startswith("# ")]
    return re.compile(rf"(?<!\w)(?:{'|'.join(entries)})(?!\w)", re.IGNORECASE)
