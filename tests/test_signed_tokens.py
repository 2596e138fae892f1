"""Does a token of ours open only what it was signed for?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import jwt
import pytest

from bot.signed_tokens import LONGEST_TOKEN, SignedTokens, expiry_of

KEY = "a key of at least thirty-two bytes, or more"
TOKENS = SignedTokens(KEY, "door")
CLAIMS = {"sub": "Ida", "aud": "door", "iss": "storekeep"}


def test_what_was_signed_is_read() -> None:
    assert TOKENS.read(TOKENS.sign({"sub": "Ida"})) == CLAIMS


@pytest.mark.parametrize(
    "token",
    [
        SignedTokens(KEY, "window").sign({"sub": "Ida"}),
        SignedTokens(KEY[::-1], "door").sign({"sub": "Ida"}),
        TOKENS.sign({}),
        jwt.encode(CLAIMS | {"iss": "someone"}, KEY, "HS256"),
        jwt.encode(CLAIMS, KEY * 2, "HS512"),
        jwt.encode(CLAIMS, None, "none"),
        TOKENS.sign({"sub": "Ida"})[:-2],
        TOKENS.sign({"sub": "x" * LONGEST_TOKEN}),
        "",
        "a.b.c",
        "é",
    ],
)
def test_anything_else_is_none_of_ours(token: str) -> None:
    assert TOKENS.read(token) is None


@pytest.mark.parametrize(
    ("exp", "at"),
    [
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (None, None),
        ("tomorrow", None),
        (True, None),
        (-1, None),
        (1e18, None),
        (float("nan"), None),
    ],
)
def test_an_end_is_a_time_that_there_is(exp: Any, at: datetime | None) -> None:
    assert expiry_of({"exp": exp}) == at


def test_the_key_is_not_shown() -> None:
    assert KEY not in repr(TOKENS)
