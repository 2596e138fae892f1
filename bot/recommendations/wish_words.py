"""Which words of a wish say nothing about the product? Without them remains what it should be about."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FRAME = _words(
    """
    a an the this that these those some any all both each every another other others else more most less
    least few lot lots bit little much many couple i me my mine myself we us our you your yours he him his
    she her hers they them their theirs it its one ones who whom whose which what whats am is are was were
    be been being do does did doing done have has had having can could will would shall should may might
    must i'm i'd i've i'll it's he's she's they're we're that's what's who's there there's here you're let
    lets let's and or but so if as than then because since while although though of to in on at by for
    from with without into about up out off over under between per around not no nor none don't dont
    doesn't doesnt didn't isn't aren't won't cant can't very really quite rather pretty too just only even
    also still maybe perhaps possibly probably ideally preferably simply actually basically kinda sort
    kind type sorts kinds types way please pls plz thanks thank thx hi hello hey ok okay yes yeah well hmm
    um now today tonight soon again instead already how when where why recommend recommends recommended
    recommending recommendation recommendations recomend recommand reccomend recommed suggest suggests
    suggested suggestion suggestions sugest advise advice show shows showing find finding give gives
    giving get gets getting buy buys buying bought purchase want wants wanted wanna need needs needed look
    looks looking search searching seek help helps choose choosing pick picks picking decide tell think
    thinking know see take try bring offer offers propose surprise inspire something anything everything
    nothing someone somebody anyone thing things stuff product products item items article articles idea
    ideas inspiration option options choice choices tip tips nice good great cool best better perfect
    suitable right useful decent lovely amazing awesome fantastic special fine new interesting ideal
    proper appropriate original fun worth sell got stock shop store like likes liked liking love loves
    loved loving enjoy enjoys enjoyed enjoying lover lovers fan fans enthusiast enthusiasts addict nerd
    freak fond keen crazy mad passionate obsessed interested interest interests hobby hobbies always often
    usually sometimes lately recently currently spends time day days week weekend gift gifts present
    presents birthday bday christmas xmas easter anniversary wedding graduation retirement valentine
    valentines valentine's occasion treat stocking filler fillers budget price prices priced cost costs
    costing spend spending pay money euro euros eur dollar dollars pound pounds afford similar alternative
    alternatives comparable
    """
)
RECIPIENTS = _words(
    """
    father dad daddy papa mother mom mum mommy mummy mama parents parent husband wife spouse partner
    boyfriend girlfriend fiance fiancee brother sister sibling siblings son daughter grandfather grandpa
    grandad granddad grandmother grandma granny nan grandson granddaughter uncle aunt auntie cousin nephew
    niece friend friends mate buddy bestie pal colleague colleagues coworker boss neighbour neighbor
    neighbours teacher guy guys girl girls boy boys lady ladies gentleman gentlemen man men woman women
    male female relative relatives family's in-law law mother-in-law father-in-law team myself himself
    herself
    """
)
YOUNG = _words(
    """
    baby babies toddler toddlers kid kids child children teen teens teenager teenagers infant newborn
    """
)
GLUE = _words("of the a an on in for and with to or at from my")
"""Between two telling words these stay, so that what was said can be quoted: "shoes in size 42"."""
OF_THE_PRODUCT = frozenset({"women's", "men's", "womens", "mens", "kids'"})
"""How something is cut, not whom it is for."""
AGE = re.compile(
    r"\b(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen)"
    r"[\s-]*(?:(?:years?|yrs?|months?)[\s-]*olds?|yo|y/o)\b|\baged? \d{1,2}\b"
)
"""An age that was said. It helps this answer (a toy says from which age it is), and nothing remembers it."""
GIFT = re.compile(
    r"\b(?:gifts?|presents?|birthday|bday|christmas|xmas|easter|anniversary|wedding|valentine'?s?|"
    r"stocking fillers?|(?:to|as a) treat)\b"
)
_SOMEBODY = "|".join(sorted(RECIPIENTS - {"myself", "law", "team", "male", "female"}))
FOR_SOMEBODY = re.compile(
    rf"\b(?:my|our|his|her|their|a|an|the|some|for)(?: \w+)? (?:{_SOMEBODY})\b|"
    r"\bfor (?:him|her|them|someone|somebody|[\w]+'s birthday)\b"
)
EXCLUDES = re.compile(
    r"\b(?:(?:but|and|just|please) )?(?:"
    r"no more|no|not|without|except(?:ing)?(?: for)?|excluding|other than|apart from|aside from|besides?|"
    r"instead of|rather than|anything but|everything but|nothing(?: with| from| for| about)?|"
    r"(?:don'?t|doesn'?t|didn'?t|do not|does not|never)(?: really)? "
    r"(?:want|like|need|eat|drink|wear|use|show(?: me)?|care for)|"
    r"hates?|dislikes?|can'?t stand|allergic to|tired of|"
    r"(?:already|allready) (?:have|has|got|owns?|bought)|(?:have|has|got|owns?)(?= [\w ]{1,30}already))\b"
)
"""What follows, up to EXCLUDED_UNTIL, is not wanted."""
EXCLUDED_UNTIL = re.compile(
    r"[,;.!?:()]|\b(?:but|who|that|which|please|because|since|i|i'd|he|she|they|something|anything|maybe|"
    r"already|so|rather|instead|thanks|for (?:my|him|her|a|an|the|me)|what|can|show|recommend)\b"
)
