"""What can a promotion tell of a product? Short facts, whole sentences of its page, and what kind it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from bot.promotions.words import banned_words, promises_of_service, unproven_claims
from knowledge_base.products import Product

_NUMBER = r"\d[\d.,]*"
_PLAIN_WORDS = re.compile(r"[A-Za-z][A-Za-z-]+( (?:and |or )?[A-Za-z][A-Za-z-]+){0,3}")
_LISTED = re.compile(r"[A-Za-z][A-Za-z -]+")
_COUNTED_SIZE = re.compile(rf"{_NUMBER}( x {_NUMBER}){{1,2}} (mm|cm|m)")


def _matching(pattern: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern)
    return lambda value: value if compiled.fullmatch(value) else None


def _in_words(value: str) -> str | None:
    """A material in a few words, with a small letter."""
    return _lowered(value) if _PLAIN_WORDS.fullmatch(value) else None


def _all_listed(value: str) -> str | None:
    """`Slate, Oat` and `chestnut or slate` as a list that reads: slate and oat."""
    names = [name.strip() for name in re.split(r",|/| or | and ", value)]
    if not 2 <= len(names) <= 4 or not all(_LISTED.fullmatch(name) for name in names):
        return None
    names = [_lowered(name) for name in names]
    return f"{', '.join(names[:-1])} and {names[-1]}"


_READERS: tuple[tuple[str, frozenset[str], Callable[[str], str | None]], ...] = (
    ("weight", frozenset({"weight"}), _matching(rf"{_NUMBER} (g|kg)")),
    ("material", frozenset({"material", "fabric", "housing", "body"}), _in_words),
    (
        "runtime",
        frozenset({"battery life", "run time", "gps battery"}),
        _matching(rf"{_NUMBER} (hours|h|days|minutes)"),
    ),
    ("warranty", frozenset({"warranty"}), _matching(r"\d+ (years|months)")),
    ("volume", frozenset({"volume", "capacity"}), _matching(rf"{_NUMBER} (l|ml|litres)")),
    ("size", frozenset({"size", "dimensions"}), _matching(_COUNTED_SIZE.pattern)),
    ("colours", frozenset({"colours", "colors"}), _all_listed),
)
_SPECS: Mapping[str, str] = {
    "power": "{} of power",
    "output": "{} of output",
    "pieces": "{} pieces",
    "water protection": "{} water protection",
    "protection": "{} protection",
    "glass": "{} glass",
    "packed size": "a packed size of {}",
    "height": "a height of {}",
    "length": "a length of {}",
    "diameter": "a diameter of {}",
    "thickness": "a thickness of {}",
    "max load": "a maximum load of {}",
    "storage": "{} of storage",
    "players": "a round of {} players",
    "speeds": "{} speeds",
    "spf": "SPF {}",
}
_SPEC_VALUE = re.compile(r"(?!1$)(?:[\d.,]+ (?:to [\d.,]+)?(?: ?[A-Za-z]{1,3})?|[\d.,]+|IP[X\d]\d)")
_SPEC_WORD = re.compile(r"[a-z]{4,}")

_SENTENCE = re.compile(r"[^.!?]+(?:\.\d[^.!?]*)*[.!?]")
_SHORTEST_STATEMENT, _LONGEST_STATEMENT = 30, 150
_NOT_SAID = re.compile(
    r"\b(?:not|no|nor|cannot|can't|doesn't|don't|without|beyond|never|however|but|though|although|unless|except|"
    r"separately|should|shouldn't|avoid|only|less|fails?|careful|warning|wait|ask|doctor|refund|cost|costs|price|euros?)\b",
    re.IGNORECASE,
)
_LEANS_ON_THE_ONE_BEFORE = re.compile(
    r"(?:It|Its|They|Their|He|She|That|Those|Both|Either|Here|There|Then|Also|And|Or|So|If|When|Another|Other|Others|"
    r"Such|Thus|Hence|Either|Neither|Each|All|Some|Most|Many|Two|Three|One)\b"
)
_SPEAKS_OF_IT = re.compile(r"(?:This|These|Featuring|Crafted|Made|Designed|With)\b")


def details_of(product: Product) -> dict[str, str]:
    """What stands in the product's attributes in a form that a sentence can take up, by its place."""
    found: dict[str, str] = {}
    for name, value in product.attributes.items():
        for place, names, read in _READERS:
            if place not in found and name.lower() in names and (text := read(value.strip())):
                found[place] = text
        pattern = _SPECS.get(name.lower())
        fits = _SPEC_WORD if name.lower() == "glass" else _SPEC_VALUE
        if "spec" not in found and pattern is not None and fits.fullmatch(value.strip()):
            found["spec"] = pattern.format(value.strip())
    return found


def statements_of(product: Product) -> tuple[str, ...]:
    """Sentences of the product's page that stand by themselves and praise without a claim, word for word."""
    return tuple(_statements(product.description, product.name))


def _statements(description: str, product_name: str) -> Iterator[str]:
    own_words = {word.lower() for word in re.findall(r"[A-Za-z]{4,}", product_name)}
    for paragraph in description.split("\n"):
        for found in _SENTENCE.finditer(paragraph):
            sentence = " ".join(found.group().split())
            if not _SHORTEST_STATEMENT <= len(sentence) <= _LONGEST_STATEMENT or not sentence[0].isupper():
                continue
            if _NOT_SAID.search(sentence) or _LEANS_ON_THE_ONE_BEFORE.match(sentence):
                continue
            if re.search(r"[()\[\]{}<>:;\"“”]", sentence) or sentence.endswith("?"):
                continue
            spoken = {word.lower() for word in re.findall(r"[A-Za-z]+", sentence)}
            if not spoken & own_words and not _SPEAKS_OF_IT.match(sentence):
                continue
            if banned_words(sentence) or unproven_claims(sentence) or promises_of_service(sentence):
                continue
            yield sentence


def said_name(product_name: str) -> str:
    """The product's name as a sentence can take it: `Storage Set, 4 Boxes` without what follows a comma, and
    without a leading The."""
    name = product_name.split(", ")[0].strip() or product_name
    return name.removeprefix("The ").removeprefix("the ") or name


_AMOUNT_AT_THE_END = re.compile(
    r"(?:\s+(?:\d[\d.,]*|x|g|kg|ml|l|cm|mm|m|W|V|mAh|inch|Inch|Pack|II|III|IV|V2|XL|SPF|Unisex|\([^()]*\)))+$"
)
_OF = re.compile(r"\s+(?:of|for|with|in|from|by|on)\s.*$")
_SINGULAR_ENDINGS = ("ss", "us", "is", "os", "ness")
_SINGULAR_WORDS = frozenset(
    {"canvas", "lens", "gas", "atlas", "bus", "chess", "brass", "glass", "christmas", "mars"}
)


def kind_of(product_name: str) -> str:
    """The noun that says what it is, in small letters: `Fjell 40 Headphones` are headphones."""
    name = _OF.sub("", _AMOUNT_AT_THE_END.sub("", said_name(product_name)))
    words = re.findall(r"[A-Za-z][A-Za-z'-]*", name)
    if not words:
        return "product"
    return str(words[-1]) if len(words[-1]) > 1 and words[-1].isupper() else str(words[-1]).lower()


def is_several(product_name: str) -> bool:
    """Whether the noun is a plural: earbuds, socks, but not a set of mats."""
    kind = kind_of(product_name)
    if not kind.endswith("s") or kind in _SINGULAR_WORDS:
        return False
    return not kind.endswith(_SINGULAR_ENDINGS)


def _lowered(text: str) -> str:
    """With a small first letter, unless the first word is an abbreviation."""
    return text if text[:2].isupper() and len(text) > 1 else text[0].lower() + text[1:]
