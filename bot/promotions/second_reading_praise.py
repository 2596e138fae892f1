"""Which praise, promise or remark on the reader is never, or only on the product's word, true?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.promotions.second_reading_ground import Ground
from bot.promotions.second_reading_words import SHAPES

Test = Callable[[Ground], bool]


@dataclass(frozen=True)
class Claim:
    """What `pattern` finds in a text in lower case is untrue as `what` unless `is_true`, or, where
    `may_quote`, unless the product's page says it too."""

    what: str
    pattern: re.Pattern[str]
    is_true: Test = lambda ground: False
    may_quote: bool = False


def claim(what: str, pattern: str, is_true: Test = lambda ground: False, may_quote: bool = False) -> Claim:
    return Claim(what, re.compile(rf"(?<!\w)(?=[\w#%€])(?:{pattern})"), is_true, may_quote)


_SHAPE = "|".join(re.escape(shape.removesuffix("e").removesuffix("y")) for shape in SHAPES)
_NOT = r"(?<!no )(?<!not )(?<!any )(?<!to )(?<!without )(?<!n't )(?<!never )(?<!nothing to )"
PRAISE = (
    claim(
        "exclusiveness",
        r"\bexclusiv\w+|\b(?:only|just|specially|especially|personally) for you\b"
        r"|\bmembers?[- ]only\b|\bvip\b|\bsecret\b|\bhand-?picked\b",
    ),
    claim(
        "pressure",
        rf"{_NOT}\b(?:hurry|rush (?:now|to))\b|\blast (?:chance|call|few|ones?|minute|pieces|items"
        r"|remaining)\b|\bfinal (?:hours|call|days?|chance)\b"
        r"|\b(?:don't|do not|never) (?:miss|wait|hesitate|let it)|\bact (?:now|fast|quickly)"
        r"|\bbe quick|\bbefore (?:it's|it is|they're|they are) (?:gone|too late|over)"
        r"|\bwhile (?:stocks?|supplies|they) last|\blimited (?:time|offer|stock|quantit|number"
        r"|edition|availab)|\brunning (?:out|low)|\bwon't last|\bnow or never"
        r"|\burgent|\bends? soon|\b(?:nearly|almost) (?:gone|sold out)|\bsell(?:s"
        r"|ing) (?:out )?fast|\bfew (?:pieces |items )?(?:left|remain)"
        r"|\bonce[- ]in[- ]a[- ]lifetime"
        r"|\btime is (?:running|short)|\bgoing fast|\bonly a few|\bmiss(?:ing)? out"
        r"|\bquickly, before|\bso be fast|\bgrab (?:it|yours|one) (?:now|before)",
    ),
    claim(
        "a superlative",
        rf"\b(?:{_SHAPE})(?:i|[gt])?est\b|\bbest\b(?! before)|\bworst\b|\bgreatest\b"
        r"|\bthe most (?!of\b)[a-z]+\b"
        r"|\bmost [a-z]+(?:able|ible|ful|ive|ous|al|ant|ent|ar|ed|ing)\b"
        r"|\bnumber one\b|\bno\. ?1\b|#1|\bunbeatable|\bunmatched|\bunrivall?ed|\bunsurpassed"
        r"|\bunparallell?ed|\bultimate\b|\bworld[- ]class|\btop[- ](?:quality|notch)"
        r"|\bleading\b|\bsecond to none|\blike no other|\bone of a kind|\bunique\b|\bincomparable"
        r"|\bnothing (?:is )?better|\bhighest|\bfirst[- ]class|\bpremium\b|\bone and only"
        r"|\brevolutionary|\bmiracle|\bworld's\b|\bnever (?:breaks?|fails?)|\blasts? (?:for ever"
        r"|forever|a lifetime)|\bfor life\b|\bsuperior\b|\bperfection\b",
    ),
    claim(
        "a comparison",
        rf"\b(?:(?:{_SHAPE}|bett)(?:i|[gt])?er|(?:more|less) (?!or\b)\w+) than\b"
        r"|\bthan (?:any(?:thing)? (?:other|else)|others?|the (?:rest|competition|others)|ever)\b"
        r"|\bcompetit(?:or|ion)\w*|\bunlike (?:other|most|any)|\bcompared (?:to|with)"
        r"|\bbeats? (?:the|any|every|all|other)|\belsewhere\b|\bother (?:shops|brands|makers)\b"
        r"|\bno other\b",
        may_quote=True,
    ),
    claim(
        "novelty",
        r"(?<!your )(?<!try )(?<!a )\bnew\b(?! (?:customers?|price|way|day|start|habit|season))"
        r"|\ba new (?:product|model|version|arrival|generation|edition|release|one|item|design"
        r"|look|colour)|\bbrand[- ]new|\bjust (?:arrived|landed|in\b(?! (?:case|time)))"
        r"|\bnew(?:ly)? (?:arriv\w+|in\b)|\bfresh in\b|\bthe latest\b|\blatest (?:model|version"
        r"|addition|arrival)"
        r"|\b(?:just|now|newly|we) launch\w*|\blaunched|\bback in stock"
        r"|\bis back\b|\bare back\b|\brestocked|\bback again"
        r"|\bnow available\b|\bfor the first time|\bfinally (?:here|available)|\binnovati\w+"
        r"|\bnext[- ]generation",
    ),
    claim(
        "popularity",
        r"\bbest-?\s?sell\w+|\bpopular\w*|\b(?:top|hot)[- ]?seller|\b(?:customers?|shoppers?"
        r"|buyers?|people|everyone|everybody|others|thousands|hikers|cooks|runners"
        r"|readers)(?:'s?)? "
        r"(?:\w+ )?(?:loves?|favou?rites?|rave|recommend|swear|choice|praise|prefer|agree|trust"
        r"|talk\w*)|\bloved by|\btrend\w*|\bsought[- ]after|\bin demand|\bcult\b|\bfamous"
        r"|\bwell[- ]known|\btrusted\b|\breviews?\b"
        r"|\bstars?\b(?! (?:sky|light))|\brecommended by|\brenowned|\bhit\b(?! the)|\bmost wanted"
        r"|\ball-time favourite|\bcrowd[- ]pleaser|\bsold (?:over|more)",
        may_quote=True,
    ),
    claim(
        "an award or test",
        r"\baward\w*|\bprize\w*|\btest(?:ed|s? winner| result)|\bwinner\b|\bcertifi\w+"
        r"|\bapproved\b|\baccredited|\bpatent\w*|\bclinical\w*|\bdermatolog\w+|\blab(?:oratory)?\b"
        r"|\bendorsed|\bmedals?\b|\btop[- ]rated|\brated\b|\bexperts?\b|\bprofessional(?:s|ly)\b"
        r"|\bproven\b|\bscientific\w*|\bstudies\b|\bguide(?:s)? choose",
        may_quote=True,
    ),
    claim(
        "a warranty",
        r"\bwarrant\w+|\bguarante\w+|\bcovered (?:for|by)\b",
        lambda ground: bool(ground.warranted) or "warranty" in ground.page or "guarantee" in ground.page,
    ),
    claim(
        "returns",
        r"(?<!happy )\breturns\b(?! (?:to|home|from))|\bfree return|\breturn (?:it|policy|period"
        r"|within|them|label)|\brefund\w*|\bmoney[- ]back|\bsend it back|\bexchange (?:it|within"
        r"|them)|\bno questions asked|\brisk[- ]free|\bno risk\b|\bsatisf\w+ (?:or|guarant)"
        r"|\btry it (?:at home|out for|for)|\bon approval\b|\bpay later|\binstal?lments?"
        r"|\bcancel (?:any|at)",
        may_quote=True,
    ),
    claim(
        "in stock",
        r"(?<!not )(?<!back )\bin stock\b|\bready to (?:ship|go out|send)|\bavailable (?:now|today"
        r"|again|immediately|right away)\b|\bin our warehouse|\bwe have it here",
        lambda ground: ground.facts.product.stock > 0,
    ),
    claim(
        "out of stock",
        r"\b(?<!almost )(?<!nearly )sold out\b|\bout of stock\b|\bnot in stock\b",
        lambda ground: ground.facts.product.stock == 0,
    ),
    claim(
        "health",
        r"\bheal(?:s|ing|th|thy|thier)?\b|\bcur(?:e|es|ing)\b|\bpains?\b|\bpainless|\b(?:good"
        r"|great|better|kind|gentle) (?:for|to|on) (?:your|the) (?:back|heart|knees?|joints?|skin"
        r"|posture|body|eyes|gut|sleep)\b"
        r"|\bimmun\w+|\banti-?age?ing|\bwrinkle\w*|\bdetox\w*|\b(?:lose|weight) (?:weight|loss)"
        r"|\bburns? (?:fat|calories)|\btherap\w+|\bmedic\w+|\bdoctors?\b|\bphysio\w*|\bprevents?\b"
        r"|\bboosts? (?:your )?(?:energy|mood|metabolism|immun\w+)"
        r"|\bsleep better|\bbetter sleep|\ballerg\w+|\bhypoallergenic|\brelie(?:f|ves?)\b"
        r"|\bposture\b|\bblood pressure|\binjur\w+|\bmigraine|\banxiety|\bdepress\w+"
        r"|\bslimmer|\bwell-?being",
    ),
    claim(
        "the reader's person",
        r"\b(?:as|for|like) an? (?:busy |young |older? |proud |modern )?(?:m[ou]m|dad|mother"
        r"|father|parent|woman|man|girl|boy|grand\w+|student|pensioner|senior|muslim|christian|jew"
        r"|hindu|wife|husband|bride|teenager|single)\b"
        r"|\byour (?:\w+ )?(?:age|husband|wife|partner|boyfriend|girlfriend|kids?|child(?:ren)?"
        r"|baby|daughters?|sons?|family|pregnan\w+|weight|figure|curves|waist|belly|salary|income"
        r"|wages|faith|religion|church|mosque|synagogue"
        r"|city|town|village|neighbou?rhood|area|region|country|street|hometown|postcode|birthday"
        r"|grandchildren|diet|illness|condition|disability)\b"
        r"|\byour (?:dry|oily|sensitive|age?ing|mature|greying|gr[ea]y|bald\w*) (?:skin|hair)"
        r"|\bladies\b|\bgentlemen\b|\bmadam\b|\b(?:dear )?sir\b|\bguys\b|\bgirls\b"
        r"|\bmillennials?\b|\bteen(?:ager)?s?\b|\bpensioners?\b|\bover[- ](?:forties|fifties"
        r"|sixties)|\b(?:women|men|mothers|mums|dads|fathers|seniors)\b|\bdiabet\w+|\boverweight"
        r"|\bmuslims?\b|\bchristians?\b|\bjewish\b|\bhindus?\b|\bwealthy\b|\baffluent"
        r"|\bpeople (?:like you|your age|near you|in your)|\bnear you\b|\bwhere you live"
        r"|\bbased in\b|\byou live in\b|\bretire\w+|\bpregnan\w+|\bnewlyweds?",
        may_quote=True,
    ),
    claim(
        "an earlier order",
        r"\byou(?:'ve| have)? (?:(?:recently|just|already|once|last|also|previously"
        r"|ever) )*(?:bought|ordered|purchased|owned|own)\b|\byour (?:last|recent|previous|past"
        r"|latest|earlier) (?:orders?|purchases?)"
        r"|\byou (?:already )?have at home|\bgoes with your (?:new|old)|\bsince (?:you bought"
        r"|your)|\bthank you for (?:your order|ordering|buying|shopping)",
    ),
    claim(
        "watching of the reader",
        r"\b(?:left|forgot\w*|waiting|still) (?:it |something |one )?in your (?:basket|cart)"
        r"|\byour wish ?list|\byou (?:searched|clicked|asked|saved|rated|reviewed"
        r"|subscribed|told us|wrote|called|live|earn|told)\b"
        r"|\byou(?:'ve| have) (?:searched|clicked|asked|saved|rated|reviewed|told us)|\bwe (?:know"
        r"|noticed|saw|see) (?:that )?you\b(?!r? (?:looked|viewed|were looking|have looked))",
    ),
)
