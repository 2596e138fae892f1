"""Does this customer want no more of the shop's promotions? The page behind the link in every message.

Opening it changes nothing, since mail scanners open every link. Its button does, and so does the one-click
request of a mail program (RFC 8058).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from aiohttp import web

from bot.customers import Customer, UnknownCustomer
from bot.promotions.unsubscribe import Unsubscribing
from bot.shoppers.consent import Decision
from bot.web.addresses import client_address
from bot.web.errors import RefusedRequest
from bot.web.pages.rendering import open_templates
from bot.web.rate_limit import RateLimit
from knowledge_base.shop_details import ShopDetails

NAMES = {"email": "e-mails", "sms": "text messages", "push": "push messages"}
ONE_CLICK = ("List-Unsubscribe", "One-Click")
BUTTON = ("unsubscribe", "yes")
SOURCE = "link"
# The token stands in the address: no other site may see it, and nothing may keep the page.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}

ReadsToken = Callable[[str], Unsubscribing | None]


class KnowsCustomers(Protocol):
    def customer(self, customer_id: str) -> Customer | None: ...


class KeepsRefusals(Protocol):
    """What is needed of `bot.promotions.marketing_consent.MarketingConsents`."""

    def decide(
        self, customer_id: str, channel: str, is_given: bool, source: str, wording: str | None = None
    ) -> None: ...

    def decisions(self, customer_id: str, channel: str) -> tuple[Decision, ...]: ...


class UnsubscribePage:
    """``/unsubscribe?token=...``"""

    def __init__(
        self,
        read_token: ReadsToken,
        customers: KnowsCustomers,
        consents: KeepsRefusals,
        shop: ShopDetails,
        limit: RateLimit,
    ) -> None:
        self._read_token = read_token
        self._customers = customers
        self._consents = consents
        self._shop = shop
        self._limit = limit
        self._templates = open_templates()

    async def get(self, request: web.Request) -> web.Response:
        """Asks whether it is meant."""
        self._limit.take(client_address(request))
        asked = self._read_token(request.query.get("token", ""))
        if asked is None:
            return self._bad_link()
        question = await asyncio.to_thread(self._question, asked)
        return self._respond("asks", question=question)

    async def post(self, request: web.Request) -> web.Response:
        """Records the refusal; again changes nothing."""
        self._limit.take(client_address(request))
        asked = self._read_token(request.query.get("token", ""))
        if asked is None:
            return self._bad_link()
        pressed = await _pressed(request)
        if pressed is None:
            raise RefusedRequest(
                400, "not_confirmed", f"The body must be {'='.join(ONE_CLICK)} or {'='.join(BUTTON)}."
            )
        await asyncio.to_thread(self._refuse, asked, pressed)
        return self._respond("done", channel=NAMES[asked.channel])

    def _question(self, asked: Unsubscribing) -> str:
        """What the page asks; the address is told for e-mail only, and not in full."""
        question = f"No more {NAMES[asked.channel]} about offers from {self._shop.name}"
        customer = self._customers.customer(asked.customer_id) if asked.channel == "email" else None
        return f"{question}?" if customer is None else f"{question} to {veiled(customer.email)}?"

    def _refuse(self, asked: Unsubscribing, pressed: tuple[str, str]) -> None:
        """Who is no longer a customer gets nothing anyway."""
        before = self._consents.decisions(asked.customer_id, asked.channel)
        if before and not before[-1].is_given:
            return
        wording = "=".join(pressed) if pressed == ONE_CLICK else self._question(asked)
        try:
            self._consents.decide(asked.customer_id, asked.channel, False, SOURCE, wording)
        except UnknownCustomer:
            return

    def _bad_link(self) -> web.Response:
        return self._respond("bad", status=400)

    def _respond(self, state: str, status: int = 200, **values: Any) -> web.Response:
        html = self._templates.get_template("unsubscribe.html").render(
            {"title": "Unsubscribe", "state": state, "shop": self._shop, "shop_name": self._shop.name}
            | values
        )
        return web.Response(text=html, content_type="text/html", status=status, headers=HEADERS)


async def _pressed(request: web.Request) -> tuple[str, str] | None:
    """The field by which the sender means it; None if there is neither."""
    try:
        form = await request.post()
    except ValueError:
        return None
    return next((field for field in (ONE_CLICK, BUTTON) if form.get(field[0]) == field[1]), None)


def veiled(email: str) -> str:
    """``a***@mail.example``: enough to know one's own address, too little to learn another's."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}***@{domain}"
