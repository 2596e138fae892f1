"""Is an SMS measured as a phone measures it?"""

from __future__ import annotations

import pytest

from bot.promotions.gsm import letters_outside, septets


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("Hello.", 6), ("à la carte", 10), ("5 €", 4), ("[a]", 5), ("^{}\\[~]|€", 18), ("\n", 1)],
)
def test_letters_take_one_septet_and_those_of_the_second_table_two(text: str, length: int) -> None:
    assert septets(text) == length


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("Grüße für 5 € @ Ærø & Ñandú", "ú"),
        ("“Oh” – well…", "“”–…"),
        ("no, no ✓✓", "✓"),
        ("çÇ", "ç"),
        ("GSM: !\"#¤%&'()*+,-./0123456789:;<=>?¡¿§£$¥_", ""),
        ("`", "`"),
        ("a\tb", "\t"),
    ],
)
def test_letters_that_gsm_lacks_are_told_once_each_in_their_order(text: str, outside: str) -> None:
    assert letters_outside(text) == outside
