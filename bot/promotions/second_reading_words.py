"""Which words does the second reading look for?"""

from __future__ import annotations

import re
from functools import lru_cache


def split_words(words: str) -> tuple[str, ...]:
    """The words of a list that is written as a text."""
    return tuple(words.split())


FEATURES = frozenset(
    split_words(
        """leather suede nubuck wool merino cashmere cotton linen silk hemp velvet fleece denim canvas nylon
    polyester polyamide elastane viscose neoprene latex rubber silicone plastic acrylic foam steel
    stainless aluminium aluminum titanium iron copper brass bronze chrome zinc carbon fibre glass
    crystal ceramic porcelain stoneware enamel marble granite slate clay bamboo oak walnut beech pine
    birch maple cherry ash teak acacia cork wooden wood rattan wicker paper cardboard black white red
    blue green yellow orange purple violet pink brown grey gray beige navy turquoise teal golden silver
    cream ivory khaki burgundy crimson waterproof watertight windproof rainproof splashproof dustproof
    shockproof fireproof ovenproof shatterproof scratchproof bulletproof unbreakable indestructible
    rustproof wireless cordless bluetooth wifi usb solar rechargeable electric smart digital analogue
    automatic voice-controlled touchscreen backlit magnetic programmable fast-charging noise-cancelling
    vegan vegetarian organic natural biodegradable compostable recycled recyclable sustainable fairtrade
    eco-friendly carbon-neutral climate-neutral handmade handcrafted hand-sewn handwoven hand-forged
    unscented scented perfumed odourless sugarless decaf decaffeinated kosher halal breathable insulated
    insulating padded lined quilted reflective stretchy elastic seamless reversible foldable folding
    collapsible stackable adjustable detachable washable resoleable modular portable lightweight
    featherlight ultralight compact sturdy robust durable rugged heavy-duty non-stick antibacterial
    antimicrobial odourproof dishwasher induction turbocharged gluten lactose"""
    )
)
"""What a thing is made of, its colours and abilities: each must be told of the product."""
HARMLESS = re.compile(
    r"\b(out of the blue|golden hour|blue sk(?:y|ies)|green light|silver lining|(?:in |into )?the woods"
    r"|on paper|a glass of|ir?on out|settle down|sit down|down to earth|up and down|(?:the )?great outdoors"
    r"|naturally|best (?:wishes|regards)|all the best|at (?:its )?best|make the most of|most of|at most"
    r"|at least|the day off|time off|days? off|set(?:s|ting)? off|take off|more or less|none the less"
    r"|feel free|free to [a-z]+|free time|free (?:day|morning|evening|afternoon|weekend|hour|moment)s?"
    r"|hands? free|save (?:the date|time|space|it for later|this (?:message|for later))"
    r"|something new|anything new|new year(?:'s)?|many happy returns|hot (?:drink|meal)s?)\b",
    re.IGNORECASE,
)
"""Phrases whose words would else look like a claim."""
FIRST_NAMES = frozenset(
    split_words(
        """Anna Maria Julia Laura Sarah Lisa Emma Hannah Sophie Sofia Marie Lena Lea Mia Nina Eva Clara Paula
    Katharina Susanne Sabine Petra Claudia Monika Ursula Karin Olivia Emily Charlotte Jessica Amy Lucy
    Alice Helen Susan Linda Karen Peter Paul Thomas Michael Andreas Stefan Martin Christian Markus
    Daniel David Tobias Jonas Lukas Leon Felix Ben Noah Elias Jan Tim Tom John James Robert William
    George Henry Oliver Jack Harry Jacob Sven Lars Erik Klaus Hans Wolfgang Mohammed Ali Fatima Ahmed
    Pierre Luca Marco"""
    )
)
SHAPES = split_words(
    """light warm soft strong fast quick quiet small large big tough thin thick smart cheap low high great
    fine kind new fresh clean clear sharp bright cool hot dry easy simple safe smooth rich pure comfy
    cosy sturdy handy long short wide deep hard slim tiny"""
)
"""Adjectives whose superlatives are looked for."""
NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        split_words(
            """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen"""
        )
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(split_words("""twenty thirty forty fifty sixty seventy eighty ninety"""), 2)
}
NUMBER_WORDS |= TENS | {
    f"{ten}{joint}{one}": TENS[ten] + NUMBER_WORDS[one]
    for ten in TENS
    for one in split_words("""one two three four five six seven eight nine""")
    for joint in "- "
}
NUMBER_WORDS |= {"hundred": 100, "one hundred": 100, "thousand": 1000, "dozen": 12}
MULTIPLES = ("half", "twice", "double", "triple", "dozens", "hundreds", "thousands", "millions")
UNITS = {
    spelling: unit
    for unit, spellings in {
        "g": "g gram grams",
        "kg": "kg kilo kilos kilogram kilograms",
        "mm": "mm millimetre millimetres",
        "cm": "cm centimetre centimetres",
        "m": "m metre metres meter meters",
        "km": "km kilometre kilometres",
        "ml": "ml millilitre millilitres",
        "l": "l litre litres liter liters",
        "hour": "h hr hrs hour hours",
        "minute": "min mins minute minutes",
        "second": "s sec second seconds",
        "day": "day days",
        "week": "week weeks",
        "month": "month months",
        "year": "yr yrs year years",
        "w": "w watt watts",
        "v": "v volt volts",
        "mah": "mah",
        "lumen": "lm lumen lumens",
        "db": "db decibel decibels",
        "person": "person persons people",
        "piece": "piece pieces",
        "degree": "c degree degrees",
        "inch": "inch inches",
        "gb": "gb",
        "bar": "bar bars",
        "rpm": "rpm",
    }.items()
    for spelling in spellings.split()
}
MONTHS = split_words(
    """january february march april may june july august september october november december"""
)
WEEKDAYS = split_words("""monday tuesday wednesday thursday friday saturday sunday""")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word without its ending, so that wool, woolly and woollen are one; both sides are cut alike."""
    word = word.lower().replace("-", "").removesuffix("'s").replace("colour", "color")
    for ending in ("ing", "ies", "ed", "en", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


FEATURE_STEMS = frozenset(stem(word) for word in FEATURES)
