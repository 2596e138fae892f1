"""Which promise of an offer or a delivery is not in the facts?

Products, brands and people are masked in these texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_lowercase, ascii_uppercase

from bot.promotions.second_reading_ground import NEGATION, WORD, Ground
from bot.promotions.second_reading_praise import PRAISE, Test, claim
from bot.promotions.second_reading_words import split_words

_I = re.IGNORECASE


def _offers(*kinds: str) -> Test:
    return lambda ground: ground.offer is not None and ground.offer.kind in kinds


def _takes(percent: int | None) -> Test:
    return lambda ground: percent is not None and ground.offer is not None and ground.offer.percent == percent


def _has_offer(ground: Ground) -> bool:
    return ground.offer is not None


def _changes_price(ground: Ground) -> bool:
    return ground.new_cents is not None


def _is_for(customers: str) -> Test:
    return lambda ground: ground.offer is not None and ground.offer.audience.customers == customers


def _is_for_all_products(ground: Ground) -> bool:
    return ground.offer is not None and not ground.offer.skus and not ground.offer.categories


CLAIMS = (
    claim(
        "a reduction",
        r"\bdiscount\w*|\brebate\b|\bbargains?\b|\bspecial (?:offer|price)|\bprice (?:drop|cut"
        r"|reduction)|\bmark(?:ed)?[- ]?down"
        r"|\bcheaper\b|\bfor less\b|\b(?:costs?|pay|paying|spend) less\b|\bless than (?:usual"
        r"|before|normal)\b|\bvoucher|\bcoupon"
        r"|\b(?:on|in the|our|winter|summer|spring|autumn|big) sale\b|\bmoney off\b"
        r"|\breduced (?:price|to|from|by|for|until)\b"
        r"|\b(?:is|are|been|now|gets?) reduced\b|\b(?:price|prices) (?:is|are|has been|have been"
        r"|comes?|goes?|drops?|falls?)?\s*"
        r"(?:down|reduced|lowered|cut)\b|\blower(?:ed)? price|\breduction\b|\bsavings\b"
        r"|\bpromotion\b|\bprice (?:drops|falls)\b"
        r"|\bsav(?:e|es|ing)\b(?=\s*(?:[\d€$£]|eur|on\b|now|money|today|with|when|big|up to"
        r"|you money|some money|·|[.!]|$))"
        r"|\boff (?:the|its|this|our|your|every|all|any|orders?)\s*(?:\w+ )?(?:price|order|basket"
        r"|total|purchase|everything)\b",
        lambda ground: ground.cuts_price,
    ),
    claim("a fifth off", r"\ba fifth (?:off|less|cheaper)\b", _takes(20)),
    claim("a quarter off", r"\ba quarter (?:off|less|cheaper)\b", _takes(25)),
    claim("a third or tenth off", r"\b(?:a|one) (?:third|tenth) (?:off|less|cheaper)\b", _takes(None)),
    claim(
        "an older price",
        r"\b(?:instead of|was|used to (?:be|cost)|down from|reduced from)(?: the| only"
        r"| just)?\s*(?:€|eur)?\s*\d|\bnew price\b|\bold price\b",
        _changes_price,
    ),
    claim(
        "an offer",
        r"\b(?:an?|this|the|our|your|special|great) (?:\w+ )?(?:offer|deal)\b|\bdeals?\b(?! with)",
        _has_offer,
    ),
    claim(
        "something free",
        r"(?<![-\w])free\b(?!\s*(?:shipping|delivery|postage|dispatch|from|of\b(?! charge)"
        r"|standing|hand))|\bcomplimentary\b"
        r"|\b(?:as a|your|our|little|small|with a|get a|a) (?:\w+ )?(?:gift|bonus|present"
        r"|extra)\b (?:from us|comes|with|along|on top|is)"
        r"|\bgift (?:with|from us|included)|\bbonus\b|\bextra (?:cost|charge)|\bno extra\b"
        r"|\bat no (?:extra |additional )?(?:cost|charge)"
        r"|\bcomes along\b|\bthrown in\b|\bon (?:us|the house)\b|\bwithout (?:extra"
        r"|additional) (?:cost|charge)|\bas a gift\b(?! for)"
        r"|\b(?:plus|and|with) an? (?:\w+ )?(?:gift|bonus)\b(?! for)|\bfor nothing\b|\b(?:two|2"
        r"|three|3) for (?:one|the price)",
        _offers("bundle"),
        may_quote=True,
    ),
    claim(
        "scope",
        r"\b(?:on|off) (?:everything|all (?:products|items|orders|our)|any(?:thing| product))"
        r"|\b(?:site|store|shop)-?wide\b|\b(?:entire|whole) (?:shop|range|store|assortment)\b",
        _is_for_all_products,
    ),
    claim(
        "no least order value",
        r"\bno minimum\b|\bwithout (?:a )?minimum\b|\b(?:any|every|all) orders?\b|\bwhatever you order\b",
        lambda ground: ground.offer is not None and ground.offer.minimum_cents is None,
    ),
    claim(
        "no code",
        r"\b(?:no|without a|needs no|need no) (?:\w+ )?code\b|\bautomatic(?:ally)? (?:at|in|off"
        r"|applied|counts)|\bcounts by itself\b|\bnothing to enter\b",
        lambda ground: ground.offer is not None and ground.offer.code is None,
    ),
    claim(
        "a code",
        r"(?<!no )(?<!without a )(?<!needs no )(?<!need no )\b(?:with|use|enter|the|your|discount"
        r"|voucher|promo|type|a|this)\s(?:\w+ )?code\b",
        lambda ground: ground.offer is not None and ground.offer.code is not None,
        may_quote=True,
    ),
    claim(
        "first orders",
        r"\b(?:your|a|the) (?:very )?first (?:order|purchase|time with us)\b|\bnew customers?\b"
        r"|\bwelcome (?:offer|discount|gift)\b",
        _is_for("first_order"),
    ),
    claim(
        "a returning customer",
        r"\bwelcome back\b|\b(?:loyal|valued|regular|returning|returning) customers?\b|\byour loyalty\b"
        r"|\bgood to see you again\b|\bordered (?:with us )?before\b",
        _is_for("returning"),
    ),
)
"""In order of the report."""
SHIPS = re.compile(
    r"\b(?:deliver(?:y|ies|ed)|shipping|shipment|postage|shipped|ships|dispatch\w*|courier"
    r"|express|doorstep|to your door)\b",
    _I,
)
WAIVED = re.compile(
    r"\b(?:free|no|nothing|without|on us|we pay|we cover|drops?|waived?|costs? nothing|zero|0)\b", _I
)
LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
FREE = re.compile(r"\b(?:free|on us)\b", _I)
SPEED = re.compile(
    r"\b(?:fast|quick\w*|next[- ](?:working )?day|tomorrow|today|same[- ]day|express|overnight"
    r"|within|hours?|days?|worldwide|anywhere|abroad|world|soon|immediately|right away"
    r"|christmas|in time)\b",
    _I,
)
INCLUDES = re.compile(
    r"\b(?:comes? with|includ(?:es|ing)(?!\s+(?:the\s+)?(?:\d|\w+day))|complete with"
    r"|comes? complete with|in the box(?: you (?:will )?find)?:?"
    r"|supplied with)\s+(?P<what>[^.!?;:,\n]{1,60})|(?P<before>[^.!?;:,\n]{1,50}?)\s+(?:(?:is"
    r"|are|comes?) (?:also |even )?)?included\b",
    _I,
)
SMALL = frozenset(
    split_words(
        """a an the its it is are of and or with for to in on your our you we this that also even as too plus
        at no one set
        from by really so not never which who"""
    )
)


def untrue_claims(text: str, ground: Ground) -> Iterator[str]:
    """What the masked text claims that the facts do not say."""
    sentences = re.split(r"(?<=[.!?])\s+|\n+", text)
    for sentence in sentences:
        yield from _shipping(sentence, ground)
    if ground.is_free_shipping:
        text = " ".join(FREE.sub("", part) if SHIPS.search(part) else part for part in sentences)
    lower = text.translate(LOWER)
    for each in (*CLAIMS, *PRAISE):
        for match in each.pattern.finditer(lower):
            named = text[match.start() : match.end()].strip()
            is_quoted = each.may_quote and named.lower() in ground.page
            if not is_quoted and not each.is_true(ground):
                yield f"{named!r}: {each.what} that is not in the facts"


def _shipping(sentence: str, ground: Ground) -> Iterator[str]:
    match = SHIPS.search(sentence)
    if match is None:
        return
    speed = SPEED.search(re.sub(r"\b(?:until|by|through|till|ends?|valid)\b.*", "", sentence, flags=_I))
    if speed is not None and f"{speed.group().lower()}" not in ground.page:
        yield f"{match.group()!r} with {speed.group()!r}: a delivery that is not in the facts"
    elif not ground.is_free_shipping and match.group().lower() not in ground.page:
        what = "free delivery" if WAIVED.search(sentence) else "delivery"
        yield f"{match.group()!r}: {what} is not in the facts"


def untrue_contents(text: str, ground: Ground) -> Iterator[str]:
    """What is said to come with the product and does not; what comes along is masked in the text."""
    for match in INCLUDES.finditer(text):
        what = match["what"] or match["before"] or ""
        words = [word for word in WORD.findall(what) if word.lower() not in SMALL][:4]
        is_denied = NEGATION.search(what) is not None
        missing = [word for word in words if not ground.says(word) and not word[0].isdigit()]
        if is_denied:
            missing = [word for word in missing if not ground.denies(word)]
        if missing:
            yield f"{match.group().strip()!r}: {', '.join(missing)} is not in the facts"
