"""Does a text lose what points to a person, and keep what it is about?"""

from __future__ import annotations

from time import perf_counter

import pytest

from bot.privacy.masking import masked

PERSONAL = {
    "mail me at anna.keller+shop@mail.example please": "mail me at [email] please",
    "JOSÉ@correo.example": "[email]",
    "call 0151 23456789 after six": "call [number] after six",
    "+49 (0)30 1234567": "[number]",
    "(030) 901820": "[number]",
    "415-555-0132": "[number]",
    "0043 664 1234567.": "[number].",
    "card 4111 1111 1111 1111": "card [number]",
    "4111-1111-1111-1111": "[number]",
    "4111111111111111": "[number]",
    "DE89 3704 0044 0532 0130 00": "[number]",
    "de89370400440532013000": "[number]",
    "GB82 WEST 1234 5698 7654 32": "[number]",
    "tax id 65929970489": "tax id [number]",
}
KEPT = (
    "lightweight trail running shoes under 120.50",
    "iphone 13 14 15 16",
    "delivered on 2026-03-14 or 04.05.2026 or 3/14/2026",
    "1920x1080 monitor, 27 inches",
    "desk 1200 1500 mm",
    "order LK-100001",
    "between 60-100 euro",
    "weights 0.5 0.25 1.5 kg",
    "2.4 GHz and 5 GHz, 10.000 lux",
    "model AB12 good very nice",
    "for @home and c@t lovers",
    "ISO 9001 and EN 13537:2012",
)


@pytest.mark.parametrize(("text", "expected"), PERSONAL.items())
def test_what_points_to_a_person_is_masked(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize("text", KEPT)
def test_what_a_text_is_about_stays(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    "text", ["1 " * 20_000, "a@" * 20_000, "a." * 20_000 + "@", "aa11" * 10_000, "+1(" * 13_000]
)
def test_no_text_makes_it_slow(text: str) -> None:
    started = perf_counter()
    masked(text)
    assert perf_counter() - started < 1
