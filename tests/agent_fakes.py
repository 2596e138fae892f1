"""What do the tests of the staff's pages start from? A desk without a writer, drafts, and a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from running_gateway import ANNA, NOON, Gateway, running_gateway

from bot.customers import UnknownCustomer
from bot.promotions.facts import Facts, Reader
from bot.promotions.facts_source import UnknownSku
from bot.promotions.layout import STOP, Footers
from bot.promotions.offer import Offer
from bot.promotions.promotion import Draft, Promotion
from bot.promotions.promotion_record import PromotionRecord
from bot.staff.sign_in_links import link_token
from knowledge_base.products import Product

KEY = "the key that signs what the shop itself hands out"
HOSTILE = "<script>document.title='taken'</script>"
LAMP = Product("OFF-1", "Stavell Arc Desk Lamp", "Stavell", "Office", 4950, "EUR", 3, {}, (), "")
OFFER = Offer(
    "LAMPS-20",
    "percentage",
    NOON - timedelta(days=3),
    NOON + timedelta(days=20),
    "EUR",
    percent=20,
    code="LAMP20",
    categories=("Office",),
)
SHOP_NAME = "Larkfield Supply"
FOOTER = Footers("https://shop.example/unsubscribe?token=x").of("email", SHOP_NAME)
TEXT = "Hello Anna,\n\nThe Stavell Arc Desk Lamp now costs 39.60 EUR. The code is LAMP20."
EMAIL = Draft(
    sku=LAMP.sku,
    channel="email",
    tone="warm",
    text=TEXT + FOOTER,
    source="model",
    customer_id=ANNA.id,
    offer_id=OFFER.id,
    subject="A lamp for your desk",
    written="The <product> now costs <price>. The code is <code>.",
    plan={
        "plans": [
            {"form": "body", "length": "short", "sections": [{"role": "offer", "places": ["price", "code"]}]}
        ]
    },
    facts=("price: 39.60 EUR", "code: LAMP20"),
)
CHAT = Draft(
    sku=LAMP.sku,
    channel="chat",
    tone="plain",
    text="The Stavell Arc Desk Lamp now costs 39.60 EUR with the code LAMP20.",
    source="template",
    offer_id=OFFER.id,
)
SMS = Draft(
    sku=LAMP.sku,
    channel="sms",
    tone="plain",
    text="Stavell Arc Desk Lamp: 39.60 EUR with LAMP20." + STOP,
    source="model",
    customer_id=ANNA.id,
    offer_id=OFFER.id,
)


class FakeDesk:
    """Writes CHAT `count` times, the last of them refused; `gone` takes the lamp out of the shop, `trouble`
    is raised instead of writing."""

    def __init__(self) -> None:
        self.record: PromotionRecord | None = None
        self.orders: list[tuple[str, str, str | None, str | None, int]] = []
        self.gone = False
        self.offer: Offer | None = OFFER
        self.trouble: Exception | None = None

    def write_candidates(
        self, sku: str, channel: str, customer_id: str | None, tone: str | None, count: int
    ) -> tuple[int, ...]:
        self.orders.append((sku, channel, customer_id, tone, count))
        if self.trouble is not None:
            raise self.trouble
        if sku != LAMP.sku:
            raise UnknownSku(f"There is no product {sku!r}.")
        if customer_id not in (None, ANNA.id):
            raise UnknownCustomer(f"There is no customer {customer_id!r}.")
        assert self.record is not None
        bad = Draft(LAMP.sku, "chat", "plain", "The best lamp.", "model", findings=("needs proof: best",))
        return self.record.keep([*[CHAT] * (count - 1), bad])

    def facts_of(self, promotion: Promotion) -> Facts:
        if self.gone:
            raise UnknownSku("gone")
        reader = Reader() if promotion.draft.customer_id is None else Reader("Anna")
        return Facts(LAMP, SHOP_NAME, NOON, self.offer, reader=reader)


class Agent:
    """A gateway with a desk and a record, and what a person of the shop does with it."""

    def __init__(self, gateway: Gateway, desk: FakeDesk, record: PromotionRecord) -> None:
        self.gateway = gateway
        self.desk = desk
        self.record = record
        self.origin = str(gateway.client.make_url("/")).rstrip("/")

    async def post(self, path: str, origin: str | None = None, **request: Any) -> tuple[int, Any]:
        """The status and the JSON, None if there is none."""
        headers = {"Origin": self.origin if origin is None else origin} | request.pop("headers", {})
        async with self.gateway.client.post(f"/agent/api/{path}", headers=headers, **request) as response:
            return response.status, await response.json() if response.status != 204 else None

    async def sign_in(self, name: str = "Ida") -> None:
        status, body = await self.post("sign-in", json={"token": self.token(name)})
        assert (status, body) == (200, {"name": name})

    def token(self, name: str = "Ida") -> str:
        return link_token(KEY, name, self.gateway.clock())

    async def decide(self, promotion_id: int, decision: str, **fields: Any) -> tuple[int, Any]:
        return await self.post(f"promotions/{promotion_id}/decision", json={"decision": decision} | fields)

    async def page(self, path: str = "/agent", status: int = 200) -> str:
        async with self.gateway.client.get(path) as response:
            assert response.status == status
            return await response.text()


@asynccontextmanager
async def running_agent(directory: Path, **settings: Any) -> AsyncIterator[Agent]:
    """Nobody is signed in yet. The client keeps cookies as a browser does."""
    desk = FakeDesk()
    usual: dict[str, Any] = {"desk": desk, "token_secret": KEY}
    async with running_gateway(directory, **(usual | settings)) as gateway:
        gateway.shop.catalogue.put_products([LAMP])
        desk.record = PromotionRecord(gateway.shop.database, gateway.clock)
        yield Agent(gateway, desk, desk.record)
