"""Is every claim of a promotional text in the facts, as somebody reads it who did not write it?

A second reading only measures how often texts are faithful (`storekeep evaluate promotions`); no text is
held back or let through by it. It shares nothing with the checks that do that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from bot.promotions.facts import Facts
from bot.promotions.second_reading_claims import untrue_claims, untrue_contents
from bot.promotions.second_reading_ground import NEGATION, WORD, Ground, ground_of, sentences, words_of
from bot.promotions.second_reading_numbers import untrue_numbers
from bot.promotions.second_reading_words import FEATURE_STEMS, FIRST_NAMES, HARMLESS, MONTHS, WEEKDAYS, stem

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("\f^{}\\[~]|€")
"""GSM 03.38: the first take one septet, the others two."""
SEPTETS = 160
FIRST_SIGN = 0xE000
PLACEHOLDER = re.compile(
    r"<[^<>\n]{0,60}>|\{[^{}\n]*\}|\[[^\[\]\n]{0,80}\]|[{}]|<\||\|>|%\w+%|\$\w+\b(?<!\d)"
)
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+")
CODE_LIKE = re.compile(r"(?<![\w-])(?=[A-Z0-9]*[A-Z])(?:[A-Z]{4,}|(?=[A-Z0-9]*\d)[A-Z0-9]{3,})(?![\w-])")
GIVEN_CODE = re.compile(r"\bcode:?\s+[\"']?(?P<code>[A-Z0-9][A-Za-z0-9_-]{2,}|[a-z]+\d+)")
GREETING = re.compile(
    r"\b(?:Hi|Hello|Hey|Dear|Good (?:morning|evening|day|afternoon)|Welcome(?: back)?"
    r"|Greetings),? (?P<name>[A-Z][a-z]+)"
)
LOOKED = re.compile(
    r"(?<!have )(?<!did )\byou(?:'ve| have| had| were| are)?(?: \w+ly| just| already| also| last)?"
    r" (?:look(?:ed|ing) (?:at|into|for|through)|view(?:ed|ing)"
    r"|brows(?:ed|ing)|had (?:your|an) eye on|saw|seen|visit(?:ed|ing)|interested in"
    r"|check(?:ed|ing) out|compar(?:ed|ing)|c[oa]me across)"
    r"\s+(?P<what>[^.;:,!?\n–—]+)|\b(?:your interest in|because you (?:like|love)"
    r"|(?<!if )(?<!when )(?<!what )\byou (?:like|love|enjoy))\s+(?P<what2>[^.;:,!?\n–—]+)",
    re.IGNORECASE,
)
SENTENCE_START = re.compile(r"(?:^|[.!?:;\n•–—(\"“]|·|\s-\s)[\s\"'“(*-]*$")
FREE_CAPITALS = frozenset(
    (*MONTHS, *WEEKDAYS, *(month[:3] for month in MONTHS), "i", "i'm", "i'll", "i've", "eur", "ok", "stop")
)


@dataclass
class _Masked:
    """A text with a private sign in the place of each name, and what each stands for."""

    text: str
    names: dict[str, str] = field(default_factory=dict)
    roles: dict[str, frozenset[str]] = field(default_factory=dict)

    def with_role(self, role: str) -> str:
        return "".join(sign for sign, roles in self.roles.items() if role in roles)

    def unmask(self, text: str) -> str:
        """The text with its names again, also where a sign was written as an escape within quotes."""
        for sign, name in self.names.items():
            text = text.replace(sign, name).replace(f"\\u{ord(sign):04x}", name)
        return text


def read_again(
    channel: str, subject: str | None, text: str, facts: Facts, other_names: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Each untrue or unprovable claim of the text and its subject as a sentence; empty if it is faithful.

    `channel` is 'chat', 'email', 'sms' or 'push'; `other_names` are brands and products that the text must
    not name unless they are in the facts.
    """
    ground = ground_of(facts)
    found = list(_form(channel, subject, text, facts))
    for part in (subject, text):
        if part is not None and part.strip():
            found += _read(_plain(part), ground, other_names)
    return tuple(dict.fromkeys(found))


def _plain(text: str) -> str:
    for fancy, plain in (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("\u00a0", " "), ("\u202f", " ")):
        text = text.replace(fancy, plain)
    return re.sub(r"[ \t]+", " ", text)


def _form(channel: str, subject: str | None, text: str, facts: Facts) -> Iterator[str]:
    """What is wrong with the text whatever it says."""
    if not text.strip() or (subject is not None and not subject.strip()):
        yield "the text or its subject is empty"
    for part in (subject or "", text):
        for name in (facts.product.name, facts.shop_name):
            part = part.replace(name, "")
        yield from (f"{match.group()!r} is left over" for match in PLACEHOLDER.finditer(part))
    if channel == "email" and "unsubscribe" not in text.lower():
        yield "the e-mail does not say how to unsubscribe"
    if channel == "sms":
        if re.search(r"\bSTOP\b", text) is None:
            yield "the SMS does not say STOP"
        strange = sorted(set(text) - GSM_BASIC - GSM_EXTENDED)
        if strange:
            yield f"an SMS cannot hold {' '.join(strange)!r}"
        septets = len(text) + sum(letter in GSM_EXTENDED for letter in text)
        if septets > SEPTETS:
            yield f"the SMS takes {septets} septets, more than {SEPTETS}"


def _read(text: str, ground: Ground, other_names: frozenset[str]) -> Iterator[str]:
    text = ADDRESS.sub("·", text)
    text = re.sub(r"\bSTOP(?: to \d+)?\b", "·", text)
    for sentence in sentences(ground.facts):
        text = text.replace(_plain(sentence), "·.")
    code = ground.offer.code if ground.offer is not None else None
    yield from _given_codes(text, code, ground)
    if code is not None:
        text = re.sub(rf"(?<!\w){re.escape(code)}(?!\w)", "·", text, flags=re.IGNORECASE)
    masked = _mask(text, ground)
    yield from map(masked.unmask, _strangers(masked, other_names, ground))
    yield from map(masked.unmask, _looks(masked, ground))
    quiet = HARMLESS.sub("·", masked.text)
    yield from map(masked.unmask, untrue_claims(quiet, ground))
    yield from map(masked.unmask, untrue_contents(quiet, ground))
    yield from map(masked.unmask, _features(quiet, ground))
    yield from map(masked.unmask, untrue_numbers(masked.text, ground))


def _given_codes(text: str, code: str | None, ground: Ground) -> Iterator[str]:
    names = [ground.facts.product.name, ground.facts.product.brand, ground.facts.shop_name]
    names += [ground.bundle.name, ground.bundle.brand] if ground.bundle is not None else []
    known = " ".join(names).lower() + " " + ground.page
    given = [match["code"] for match in GIVEN_CODE.finditer(text)]
    for word in given:
        if code is None or word.lower() != code.lower():
            yield f"{word!r} is not the offer's code"
    for match in CODE_LIKE.finditer(text):
        word = match.group()
        if word not in given and (code is None or word.lower() != code.lower()) and word.lower() not in known:
            yield f"{word!r} is no code or name of the facts"


def _mask(text: str, ground: Ground) -> _Masked:
    facts = ground.facts
    named = [
        ("product", facts.product.name),
        ("brand", facts.product.brand),
        ("shop", facts.shop_name),
        ("category", facts.product.category),
        ("seen", facts.reader.seen or ""),
        ("interest", facts.reader.interest or ""),
        ("reader", facts.reader.first_name or ""),
    ]
    if ground.bundle is not None:
        named += [("bundle", ground.bundle.name), ("bundle brand", ground.bundle.brand)]
    pattern, roles_of = _names(tuple(named))
    masked = _Masked("")

    def hide(match: re.Match[str]) -> str:
        sign = chr(FIRST_SIGN + len(masked.names))
        masked.names[sign] = match.group()
        masked.roles[sign] = roles_of[match.group().lower()]
        return sign

    masked.text = pattern.sub(hide, text)
    return masked


@lru_cache(maxsize=512)
def _names(named: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, frozenset[str]]]:
    """A pattern for each name or part of two words or more, and the roles of each in lower case."""
    roles: dict[str, set[str]] = {}
    loose: set[str] = set()
    for role, name in named:
        words = name.split()
        forms = (
            {name, name.replace("&", "and"), name.removesuffix("s")}
            if role in ("category", "interest")
            else {name}
        )
        loose |= {form for form in forms if role in ("category", "interest")}
        if role in ("product", "seen", "bundle"):
            forms |= {" ".join(words[a:b]) for a in range(len(words)) for b in range(a + 2, len(words) + 1)}
        for form in forms - {""}:
            roles.setdefault(form.lower(), set()).add(role)
            loose |= {form} if len(form.split()) > 1 else set()
    exact = {name for _, name in named if name}
    spelt = sorted({*loose, *exact} - {""}, key=lambda form: (-len(form), form))
    parts = [f"(?i:{re.escape(form)})" if form in loose else re.escape(form) for form in spelt]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")
    return pattern, {form: frozenset(found) for form, found in roles.items()}


def _strangers(masked: _Masked, other_names: frozenset[str], ground: Ground) -> Iterator[str]:
    """Names of things and people that are not in the facts."""
    text, facts = masked.text, ground.facts
    for match in GREETING.finditer(text):
        if match["name"].lower() not in ("there", "all", "everyone", "and", "from", "to"):
            yield f"{match['name']!r} is not the reader's name"
    for name in sorted(other_names):
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            yield f"{name!r} is another product or brand"
    said = (facts.product.currency, facts.shop_name, facts.reader.seen or "", facts.reader.interest or "")
    known = " ".join(said)
    if ground.bundle is not None:
        known += f" {ground.bundle.name} {ground.bundle.brand} {ground.bundle.category}"
    words = ground.words | words_of(known)
    for line in text.split("\n"):
        is_title = _is_title(line)
        for match in WORD.finditer(line):
            word = match.group()
            if (
                not word[0].isupper()
                or word.lower().removesuffix("'s") in FREE_CAPITALS
                or word.lower().removesuffix("'s") in words
            ):
                continue
            if word in FIRST_NAMES or not (is_title or SENTENCE_START.search(line[: match.start()])):
                yield f"{word!r} is a name that is not in the facts"


def _is_title(line: str) -> bool:
    long = [word for word in WORD.findall(line) if len(word) > 3]
    return len(long) >= 3 and sum(word[0].isupper() for word in long) > 0.7 * len(long)


def _looks(masked: _Masked, ground: Ground) -> Iterator[str]:
    """What the reader is said to have looked at or to like, and did not."""
    reader = ground.facts.reader
    true = masked.with_role("seen") + masked.with_role("interest")
    known = {
        stem(word) for word in WORD.findall(f"{reader.seen or ''} {reader.interest or ''}") if len(word) > 2
    }
    for sign in masked.with_role("seen"):
        if "product" not in masked.roles[sign] and re.search(rf"\boff (?:the |your )?{sign}", masked.text):
            yield f"the offer is not for {sign}"
    for match in LOOKED.finditer(masked.text):
        what = match["what"] or match["what2"]
        words = {stem(word) for word in WORD.findall(what)}
        if not any(sign in what for sign in true) and not words & known:
            yield f"{match.group().strip()!r}: the facts do not say so"


def _features(text: str, ground: Ground) -> Iterator[str]:
    """Materials, colours and abilities that the product's page does not tell of, or denies."""
    text = re.sub(r"(\w+): (no|none)\b", r"\2 \1", text, flags=re.IGNORECASE)
    for clause in re.split(r"[.,;:!?()\n]|\bbut\b", text):
        negations = [match.end() for match in NEGATION.finditer(clause)]
        for match in WORD.finditer(clause):
            word = match.group()
            is_denied = any(0 <= match.start() - end < 30 for end in negations)
            side = ground.denied if is_denied else ground.plain
            parts = [word, *word.split("-")] if "-" in word else [word]
            joint = word.lower().endswith(("-free", "-proof", "-resistant", "-friendly", "-neutral"))
            named = [part for part in parts if stem(part) in FEATURE_STEMS]
            if (
                (named or joint)
                and stem(word) not in side
                and not (named and not joint and _all(named, side))
            ):
                yield f"{word!r} is not told of the product"


def _all(words: list[str], side: frozenset[str]) -> bool:
    return all(stem(word) in side for word in words)
