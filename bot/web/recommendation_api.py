"""What does GET /api/recommendations answer? Products for who asks, known by a token, never by a claim."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from aiohttp import hdrs, web

from bot.recommendations.recommendation import Recommendation, Recommendations, Recommends
from bot.shoppers.events import Event
from bot.shoppers.shopper import Shopper
from bot.web.addresses import client_address
from bot.web.bodies import LONGEST_SKU, anonymous_id_in
from bot.web.errors import RefusedRequest
from bot.web.rate_limit import RateLimit
from bot.web.tokens import CustomerTokens
from knowledge_base.products import Product
from knowledge_base.shop_documents import price_text

KINDS = ("for_you", "similar", "goes_with", "popular")
OF_A_PRODUCT = ("similar", "goes_with")
FIELDS = ("kind", "sku", "count", "anonymous_id")
USUAL_COUNT, MOST = 5, 20

logger = logging.getLogger(__name__)


class RecommenderNotReady(Exception):
    """The recommender is still loading, or could not be loaded."""


class KnowsProducts(Protocol):
    def product(self, sku: str) -> Product | None: ...


class KnowsEvents(Protocol):
    def of_shopper(self, shopper: Shopper, limit: int | None = None) -> tuple[Event, ...]: ...


class AsksConsent(Protocol):
    def may_profile(self, customer_id: str) -> bool: ...


class OpensRecommender(Protocol):
    """What is needed of `bot.web.lazy_recommender.LazyRecommender`."""

    async def ready(self) -> Recommends:
        """Raises RecommenderNotReady."""
        ...


@dataclass(frozen=True)
class Request:
    """What was asked for: `sku` is there for the kinds about a product only, `count` is 1 to 20."""

    kind: str
    sku: str | None
    count: int


@dataclass(frozen=True)
class ShopKnowledge:
    """What an answer is made from, beside the recommender."""

    products: KnowsProducts
    events: KnowsEvents
    consents: AsksConsent


class RecommendationApi:
    """`customer_tokens` is None in a shop whose site signs no customers in."""

    def __init__(
        self,
        recommender: OpensRecommender,
        shop: ShopKnowledge,
        customer_tokens: CustomerTokens | None,
        limit: RateLimit,
        workers: Executor,
    ) -> None:
        self._recommender = recommender
        self._shop = shop
        self._customer_tokens = customer_tokens
        self._limit = limit
        self._workers = workers

    async def get(self, request: web.Request) -> web.Response:
        self._limit.take(client_address(request))
        asked = asked_for(request.query)
        customer_id = self._customer_of(request)
        anonymous_id = anonymous_id_in(dict(request.query))
        try:
            recommender = await self._recommender.ready()
            body = await asyncio.get_running_loop().run_in_executor(
                self._workers, self._answer, recommender, asked, customer_id, anonymous_id
            )
        except RecommenderNotReady as error:
            raise RefusedRequest(503, "not_ready", str(error), 5) from None
        except Exception:
            logger.exception("No recommendations of the kind %s.", asked.kind)
            raise RefusedRequest(
                503, "no_recommendations", "There are no recommendations at the moment.", 30
            ) from None
        return web.json_response(body)

    def _customer_of(self, request: web.Request) -> str | None:
        """The customer of the Bearer token, None without one; raises RefusedRequest 401."""
        given = request.headers.get(hdrs.AUTHORIZATION)
        if given is None:
            return None
        scheme, _, token = given.partition(" ")
        if scheme.lower() != "bearer" or not token.strip() or self._customer_tokens is None:
            raise RefusedRequest(
                401,
                "bad_customer_token",
                "Send a customer token as: Authorization: Bearer <token>, or no Authorization at all.",
            )
        return self._customer_tokens.read(token.strip())

    def _answer(
        self, recommender: Recommends, asked: Request, customer_id: str | None, anonymous_id: str | None
    ) -> dict[str, Any]:
        kind, found = self._found(recommender, asked, self._shopper(customer_id, anonymous_id))
        items = [
            _item(item, product)
            for item in found.items
            if (product := self._shop.products.product(item.sku)) is not None
        ]
        return {"kind": kind, "items": items, "milliseconds": round(found.milliseconds, 1)}

    def _found(
        self, recommender: Recommends, asked: Request, shopper: Shopper | None
    ) -> tuple[str, Recommendations]:
        """The kind tells what it became: of whom nothing is known yet gets what is popular."""
        if asked.kind == "similar" and asked.sku is not None:
            return asked.kind, recommender.similar(asked.sku, asked.count)
        if asked.kind == "goes_with" and asked.sku is not None:
            return asked.kind, recommender.goes_with(asked.sku, asked.count)
        if asked.kind == "popular" or shopper is None:
            return "popular", recommender.popular(asked.count)
        if not self._shop.events.of_shopper(shopper, limit=1):
            return "popular", recommender.popular(asked.count)
        return "for_you", recommender.recommend(shopper, count=asked.count)

    def _shopper(self, customer_id: str | None, anonymous_id: str | None) -> Shopper | None:
        """Who signed in is the customer, of whom nothing is looked at without consent."""
        if customer_id is not None:
            may_profile = self._shop.consents.may_profile(customer_id)
            return Shopper(customer_id=customer_id) if may_profile else None
        return None if anonymous_id is None else Shopper(anonymous_id=anonymous_id)


def asked_for(query: Mapping[str, str]) -> Request:
    """Check the query; raises RefusedRequest 422 that says what was allowed and what came."""
    if unknown := sorted(set(query) - set(FIELDS)):
        came = ", ".join(ascii(name[:40]) for name in unknown[:3])
        raise RefusedRequest(
            422, "unknown_field", f"Allowed in the query are {', '.join(FIELDS)}; {came} came."
        )
    kind = query.get("kind", KINDS[0])
    if kind not in KINDS:
        raise RefusedRequest(422, "bad_kind", f"kind must be one of {', '.join(KINDS)}; {kind[:40]!a} came.")
    return Request(kind, _sku(query.get("sku"), kind), _count(query.get("count")))


def _sku(value: str | None, kind: str) -> str | None:
    if kind not in OF_A_PRODUCT:
        if value is not None:
            raise RefusedRequest(422, "bad_sku", f"sku is for {' and '.join(OF_A_PRODUCT)} only.")
        return None
    if value is None or not 1 <= len(value) <= LONGEST_SKU or not value.isprintable():
        raise RefusedRequest(
            422, "bad_sku", f"{kind} needs sku, a SKU of 1 to {LONGEST_SKU} printable characters."
        )
    return value


def _count(value: str | None) -> int:
    if value is None:
        return USUAL_COUNT
    if value.isascii() and value.isdigit() and len(value) <= 3 and 1 <= int(value) <= MOST:
        return int(value)
    raise RefusedRequest(
        422, "bad_count", f"count must be a whole number from 1 to {MOST}; {value[:40]!a} came."
    )


def _item(item: Recommendation, product: Product) -> dict[str, Any]:
    url = f"/products/{quote(product.sku, safe='')}"
    return {
        "sku": item.sku,
        "name": product.name,
        "score": round(item.score, 4),
        "reason": item.reason,
        "price": price_text(product.price_cents, product.currency),
        "url": url,
        "image": f"{url}/picture.svg",
    }
