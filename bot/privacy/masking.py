"""Which words of a free text point to a person, and how does the text read without them?

What has a shape of its own is found: e-mail addresses, telephone and card numbers, IBANs. Names and street
addresses have none, and stay.
"""

from __future__ import annotations

import re

EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?\b")
NUMBER = re.compile(r"(?<![\w.])[+(]{0,2}\d(?:[ ().\-/\u00a0]{0,3}\d){6,40}(?!\w)")
FEWEST_IBAN_DIGITS = 10
LONG_RUN = re.compile(r"\d{7}")
LIKE_A_TELEPHONE = re.compile(r"[+(]|0[\d /-]")
DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
FEWEST_DIGITS_WITH_GAPS = 9


def masked(text: str) -> str:
    """The text with [email] and [number] in place of what points to a person.

    Sizes, prices, dates and model names stay: a number is one of 7 digits in a row, of 7 in groups that
    begin like a telephone number, or of 9 in groups.
    """
    if "@" in text:
        text = EMAIL.sub("[email]", text)
    return NUMBER.sub(_masked_number, IBAN.sub(_masked_iban, text))


def _masked_iban(found: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in found[0])
    return "[number]" if digits >= FEWEST_IBAN_DIGITS else found[0]


def _masked_number(found: re.Match[str]) -> str:
    number = found[0]
    if DATE.fullmatch(number):
        return number
    digits = sum(character.isdigit() for character in number)
    is_personal = (
        digits >= FEWEST_DIGITS_WITH_GAPS
        or LIKE_A_TELEPHONE.match(number) is not None
        or LONG_RUN.search(number) is not None
    )
    return "[number]" if is_personal else number
