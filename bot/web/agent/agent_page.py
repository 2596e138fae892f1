"""What does a person of the shop see under ``/agent``? Promotions, their facts, the check's findings."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.promotions.copybook import TONES
from bot.promotions.plan_words import plan_in_words
from bot.promotions.plans import CHANNELS
from bot.promotions.promotion import Promotion
from bot.promotions.promotion_lists import PromotionLists
from bot.promotions.rechecking import FactsOf, findings_now
from bot.web.agent.decision_fields import (
    LONGEST_EDIT,
    LONGEST_EDITED_SUBJECT,
    LONGEST_REASON,
    MOST_CANDIDATES,
)
from bot.web.agent.staff_door import StaffDoor
from bot.web.errors import RefusedRequest
from bot.web.pages.rendering import open_templates
from knowledge_base.products import Product
from knowledge_base.shop_details import ShopDetails

TABS = ("waiting", "refused", "decided")
CHANNEL_NAMES = {"chat": "Chat", "email": "E-mail", "sms": "SMS", "push": "Push"}
PAGE_LENGTH = 10
DECIDED_SHOWN = 50
HEADERS = {"Cache-Control": "no-store"}


class KnowsProducts(Protocol):
    def product(self, sku: str) -> Product | None: ...

    def products(self) -> tuple[Product, ...]: ...


@dataclass(frozen=True)
class View:
    """Which list is wanted: `channel` None is all, `after` 0 begins at the list's head."""

    tab: str
    channel: str | None
    after: int


@dataclass(frozen=True)
class Row:
    """One promotion on the page. `product` is None if it is no longer sold; `findings` are the check's of now
    for what waits, of then for what it refused, and None where it could not be asked."""

    promotion: Promotion
    product: Product | None
    findings: tuple[str, ...] | None
    plan: tuple[str, ...]


class AgentPages:
    """`facts_of` None leaves what waits unchecked."""

    def __init__(
        self,
        lists: PromotionLists,
        products: KnowsProducts,
        door: StaffDoor,
        shop: ShopDetails,
        facts_of: FactsOf | None,
        workers: Executor,
    ) -> None:
        self._lists = lists
        self._products = products
        self._door = door
        self._shop = shop
        self._facts_of = facts_of
        self._workers = workers
        self._templates = open_templates()
        zone = ZoneInfo(shop.timezone)
        self._templates.filters["moment"] = lambda at: moment(at.astimezone(zone))

    async def sign_in(self, _request: web.Request) -> web.Response:
        return self._respond("agent_sign_in.html", {"title": "Sign in", "person": None})

    async def page(self, request: web.Request) -> web.Response:
        person = self._door.name_of(request)
        if person is None:
            values = {"title": "Not signed in", "person": None}
            return self._respond("agent_no_sign_in.html", values, status=401)
        view = view_of(request.query)
        values = await asyncio.get_running_loop().run_in_executor(self._workers, self._values, view)
        return self._respond("agent.html", {"title": "Promotions", "person": person, **values})

    def _values(self, view: View) -> dict[str, Any]:
        found = self._found(view)
        shown = found if view.tab == "decided" else found[:PAGE_LENGTH]
        products = {sku: self._products.product(sku) for sku in {one.draft.sku for one in shown}}
        return {
            "view": view,
            "tabs": TABS,
            "counts": self._lists.counts(),
            "channels": CHANNEL_NAMES,
            "rows": [self._row(one, products[one.draft.sku]) for one in shown],
            "next_after": shown[-1].id if len(found) > len(shown) else None,
            "decided_shown": DECIDED_SHOWN,
            "products": self._products.products(),
            "tones": TONES,
            "longest_edit": LONGEST_EDIT,
            "longest_subject": LONGEST_EDITED_SUBJECT,
            "longest_reason": LONGEST_REASON,
            "most_candidates": MOST_CANDIDATES,
        }

    def _found(self, view: View) -> tuple[Promotion, ...]:
        """One more than a page shows, so that it is known whether there are others."""
        if view.tab == "waiting":
            return self._lists.waiting(PAGE_LENGTH + 1, view.after, view.channel)
        if view.tab == "refused":
            return self._lists.refused(PAGE_LENGTH + 1, view.after or None, view.channel)
        return self._lists.decided(DECIDED_SHOWN, view.channel)

    def _row(self, promotion: Promotion, product: Product | None) -> Row:
        findings: tuple[str, ...] | None = promotion.draft.findings
        if promotion.state == "waiting":
            findings = None if self._facts_of is None else findings_now(promotion, self._facts_of)
        return Row(promotion, product, findings, plan_in_words(promotion.draft.plan))

    def _respond(self, template: str, values: dict[str, Any], status: int = 200) -> web.Response:
        html = self._templates.get_template(template).render(values, shop_name=self._shop.name)
        return web.Response(text=html, content_type="text/html", status=status, headers=HEADERS)


def view_of(query: Mapping[str, str]) -> View:
    """Check the query; raises RefusedRequest 422 that says what was allowed and what came."""
    tab, channel, after = query.get("tab", TABS[0]), query.get("channel") or None, query.get("after", "0")
    if tab not in TABS:
        raise RefusedRequest(422, "bad_tab", f"tab must be one of {', '.join(TABS)}; {tab[:40]!a} came.")
    if channel is not None and channel not in CHANNELS:
        allowed = ", ".join(CHANNELS)
        raise RefusedRequest(422, "bad_channel", f"channel must be one of {allowed}; {channel[:40]!a} came.")
    if not (after.isascii() and after.isdigit() and len(after) <= 9):
        raise RefusedRequest(
            422, "bad_after", f"after must be a number of at most 9 digits; {after[:40]!a} came."
        )
    return View(tab, channel, int(after))


def moment(at: datetime) -> str:
    """``14 March 2026, 09:05``."""
    return f"{at.day} {at:%B %Y, %H:%M}"
