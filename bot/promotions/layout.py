"""How does copy become a message of its channel? Greeting, paragraphs, and the way to unsubscribe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.promotions.check import Message
from bot.promotions.facts import Facts
from bot.promotions.filling import fills_of
from bot.promotions.plans import Channel

GREETINGS = {"warm": "Hello", "playful": "Hi", "plain": "Hello", "refined": "Dear"}
GREETING_OF_NOBODY = {"warm": "Hello,", "playful": "Hello there,", "plain": "Hello,", "refined": "Good day,"}
STOP = " Reply STOP to end."


@dataclass(frozen=True)
class Footers:
    """`unsubscribe_url` is where a reader of an e-mail says no to more of them."""

    unsubscribe_url: str

    def of(self, channel: Channel, shop_name: str) -> str:
        """What stands below the copy."""
        if channel == "email":
            return (
                f"\n\n{shop_name}\n\nYou get this e-mail because you agreed to news from {shop_name}. "
                f"Unsubscribe: {self.unsubscribe_url}"
            )
        return STOP if channel == "sms" else ""


def laid_out(channel: Channel, facts: Facts, texts: Sequence[str], tone: str, footers: Footers) -> Message:
    """`texts` are one text a form of the channel (subject and body for an e-mail), one line a part."""
    footer = footers.of(channel, facts.shop_name)
    if channel != "email":
        return Message(channel, None, " ".join(texts[0].split("\n")) + footer, footer)
    subject, body = texts[0].replace("\n", " "), texts[1]
    paragraphs = [_greeting(facts, tone), *_paragraphs(body.split("\n"))]
    if not subject.endswith(".."):
        subject = subject.removesuffix(".")
    return Message(channel, subject, "\n\n".join(paragraphs) + footer, footer)


def plain_message(channel: Channel, facts: Facts, footers: Footers) -> Message:
    """The facts without the writer, for where nothing of it passes the check."""
    fills = fills_of(facts)
    sentences = [_price_sentence(fills)]
    if "percent" in fills and "old_price" not in fills:
        sentences.append(f"{fills['percent']} off")
    if "saving" in fills and "old_price" not in fills:
        sentences.append(f"{fills['saving']} off")
    if "free_shipping" in fills:
        sentences.append("With free shipping")
    if "bundle" in fills:
        sentences.append(f"The {fills['bundle']} comes along at no extra cost")
    if "minimum" in fills:
        sentences.append(f"For orders from {fills['minimum']}")
    if "code" in fills:
        sentences.append(f"Code {fills['code']}")
    if "until" in fills:
        sentences.append(f"Until {fills['until']}")
    text = ". ".join(sentences) + "."
    return laid_out(
        channel, facts, (fills["product"], text) if channel == "email" else (text,), "plain", footers
    )


def _price_sentence(fills: dict[str, str]) -> str:
    if "price" not in fills:
        return fills["product"]
    before = f" instead of {fills['old_price']}" if "old_price" in fills else ""
    return f"{fills['product']}: {fills['price']}{before}"


def _greeting(facts: Facts, tone: str) -> str:
    name = facts.reader.first_name
    return GREETING_OF_NOBODY[tone] if name is None else f"{GREETINGS[tone]} {name},"


def _paragraphs(parts: Sequence[str]) -> list[str]:
    """Two parts a paragraph, and the last one by itself."""
    if len(parts) <= 2:
        return list(parts)
    first, last = list(parts[:-1]), parts[-1]
    return [*(" ".join(first[place : place + 2]) for place in range(0, len(first), 2)), last]
