"""Is every claim of a text in the facts? The check of what was written, by the model or by a person.

It knows nothing of how the text was made: it reads the final words. What stands in the facts word for word
(names, sentences of the product's page) is set aside first; what is left must have no number, date, code,
name or promise that the facts do not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.promotions.claims import money_findings, name_findings, number_findings, offer_findings
from bot.promotions.details import is_several, kind_of, said_name
from bot.promotions.facts import Facts
from bot.promotions.gsm import ONE_SMS, letters_outside, septets
from bot.promotions.plans import Channel
from bot.promotions.words import banned_words, promises_of_service, unproven_claims
from knowledge_base.shop_documents import price_text

LONGEST = {"chat": 600, "email": 2000, "push": 178}
LONGEST_SUBJECT = 90
SINGULAR_VERBS, PLURAL_VERBS = "(?:is|has|was|costs|comes|weighs)", "(?:are|have|were|come|weigh)"
BOUGHT = re.compile(
    r"\byou(?:'ve| have)? (?:bought|ordered|purchased|paid|own)\b"
    r"|\byour (?:last|latest|recent|previous|earlier) (?:order|purchase)",
    re.IGNORECASE,
)
WATCHED = re.compile(
    r"\byou(?:r eye|r gaze|r attention|'ve| have| had)?\b[^.!?]{0,40}"
    r"\b(?:looked|viewed|visited|browsed|seen|saw)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Message:
    """What is sent: `subject` is there for an e-mail only. `text` is all of it, with greeting and footer;
    `footer` is the end of it that is not copy (how to unsubscribe), empty where there is none.
    """

    channel: Channel
    subject: str | None
    text: str
    footer: str = ""

    @property
    def copy(self) -> str:
        """The text without its footer."""
        return self.text.removesuffix(self.footer).rstrip()


def findings(message: Message, facts: Facts) -> tuple[str, ...]:
    """What is wrong with a message, each a sentence that names the words; empty if it may be sent."""
    found = [*_form_findings(message)]
    whole = message.copy if message.subject is None else f"{message.subject}\n{message.copy}"
    rest = set_aside(whole, facts)
    found += [f"insulting or blunt: {word}" for word in banned_words(rest)]
    found += [f"needs proof, presses or speaks of health: {word}" for word in unproven_claims(rest)]
    found += [f"a promise that the facts do not have: {word}" for word in _unkept(rest, facts)]
    found += [*number_findings(rest, facts), *money_findings(rest, facts)]
    found += [*offer_findings(rest, facts), *name_findings(rest, facts), *_person_findings(whole, facts)]
    found += _grammar_findings(whole, facts)
    found += _missing(message, facts)
    return tuple(dict.fromkeys(found))


def set_aside(text: str, facts: Facts) -> str:
    """The text with what the facts have word for word taken out: ¤ stands for a name, nothing for a
    sentence of the product's page."""
    for statement in sorted(facts.statements, key=len, reverse=True):
        text = text.replace(statement, "")
    known = [
        facts.product.name,
        said_name(facts.product.name),
        facts.shop_name,
        facts.product.category,
        facts.product.brand,
        *((facts.bundle.name, said_name(facts.bundle.name)) if facts.bundle is not None else ()),
        *((facts.reader.seen, said_name(facts.reader.seen)) if facts.reader.seen is not None else ()),
        *((facts.reader.interest,) if facts.reader.interest is not None else ()),
    ]
    for words in sorted(filter(None, known), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", "¤", text)
    if facts.reader.first_name is not None:
        # Not the May of 30 May, whoever is called May.
        text = re.sub(rf"(?<!\w)(?<!\d )(?<!\d of ){re.escape(facts.reader.first_name)}(?!\w| \d)", "¤", text)
    for words in sorted(facts.details.values(), key=len, reverse=True):
        text = re.sub(rf"(?<![\w.,]){re.escape(words)}(?!\w)", "¤", text, flags=re.IGNORECASE)
    return text


def _form_findings(message: Message) -> Iterator[str]:
    if left := re.findall(
        r"<[a-z_]+>|\[[a-z:_]+\]|\{[^}]*\||¤|\{\{", f"{message.subject or ''} {message.text}"
    ):
        yield f"places are left unfilled: {', '.join(left)}"
    if not message.copy.strip() or (message.channel == "email" and not (message.subject or "").strip()):
        yield "it is empty"
    if message.channel == "sms":
        if outside := letters_outside(message.text):
            yield f"an SMS cannot have the letters {outside}"
        if septets(message.text) > ONE_SMS:
            yield f"an SMS has at most {ONE_SMS} letters; this one has {septets(message.text)}"
    elif len(message.text) > LONGEST[message.channel]:
        yield f"at most {LONGEST[message.channel]} letters are allowed; came {len(message.text)}"
    if len(message.subject or "") > LONGEST_SUBJECT:
        yield f"a subject has at most {LONGEST_SUBJECT} letters; came {len(message.subject or '')}"
    if repeated := re.search(r"\b([a-z]+) \1\b", message.copy):
        yield f"a word stands twice: {repeated.group()}"
    if message.channel != "push" and message.copy.rstrip()[-1:] not in tuple(".!?\"'"):
        yield "it ends in the middle of a sentence"


def _missing(message: Message, facts: Facts) -> Iterator[str]:
    wanted = {"email": "unsubscribe", "sms": "STOP"}.get(message.channel)
    footer = message.footer if message.text.endswith(message.footer) else ""
    if wanted is not None and wanted.lower() not in footer.lower():
        yield f"there is no way to unsubscribe: {wanted}"
    offer = facts.offer
    if offer is None:
        return
    if offer.code is not None and not re.search(rf"(?<![\w-]){re.escape(offer.code)}(?![\w-])", message.copy):
        yield f"the code is missing: {offer.code}"
    if offer.minimum_cents is not None and not re.search(
        rf"(?<![\d.,]){re.escape(price_text(offer.minimum_cents, offer.currency))}", message.copy
    ):
        yield "the order value from which the offer counts is missing"


def _unkept(rest: str, facts: Facts) -> Iterator[str]:
    """Promises of service that neither the offer nor a fact makes."""
    kept = set()
    if facts.offer is not None and facts.offer.kind == "free_shipping":
        rest = re.sub(r"\bfree shipping\b", "", rest, flags=re.IGNORECASE)
    if any(name.lower() == "warranty" for name in facts.product.attributes):
        kept.add("warrant")
    if facts.product.stock > 0:
        kept |= {"in stock", "available"}
    for word in promises_of_service(rest):
        if not word.startswith(tuple(kept)):
            yield word


def _person_findings(whole: str, facts: Facts) -> Iterator[str]:
    reader = facts.reader
    greeted = re.match(r"(?:.*\n)?(?:Hello|Hi|Dear|Good day|Hey)[ ,]+([^\W\d_][\w'-]+)", whole)
    if greeted and greeted.group(1)[0].isupper() and greeted.group(1) != reader.first_name:
        yield f"a name that is not the reader's: {greeted.group(1)}"
    if BOUGHT.search(whole):
        yield "it speaks of what the reader bought"
    if reader.seen is None and reader.interest is None and WATCHED.search(whole):
        yield "it speaks of what the reader looked at, which is not known"
    if found := re.search(r"\b(?:your (?:age|gender|wife|husband|body|weight|skin|income))\b", whole, re.I):
        yield f"a personal detail that the reader did not give: {found.group()}"


def _grammar_findings(whole: str, facts: Facts) -> Iterator[str]:
    """One thing spoken of as several, or the other way round."""
    kind = kind_of(facts.product.name)
    several = is_several(facts.product.name)
    wrong, verbs = ("this", SINGULAR_VERBS) if several else ("these", PLURAL_VERBS)
    if re.search(rf"\b{wrong} {re.escape(kind)}\b", whole, re.IGNORECASE):
        yield f"one and several are mixed up: {wrong} {kind}"
    name = re.escape(said_name(facts.product.name))
    if re.search(rf"(?:^|[.!?:;]\s+)[Tt]he {name} {verbs}\b", whole, re.MULTILINE):
        yield "one and several are mixed up after the product's name"
