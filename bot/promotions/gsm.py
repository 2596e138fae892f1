"""How long is a text as an SMS? The letters of GSM-7 (3GPP TS 23.038) and how much room each takes."""

from __future__ import annotations

ONE_SMS = 160
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")


def letters_outside(text: str) -> str:
    """The letters that GSM-7 lacks, each once, in their order; with one of them an SMS holds 70 letters."""
    return "".join(dict.fromkeys(letter for letter in text if letter not in _BASIC | _EXTENDED))


def septets(text: str) -> int:
    """How much of the 160 a text takes: some letters, like the euro sign, take two."""
    return sum(2 if letter in _EXTENDED else 1 for letter in text)
