"""Does GET /api/recommendations answer for whom the token names, and for nobody else?"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from recommendation_fakes import FakeRecommender
from running_gateway import ANNA, CUSTOMER_SECRET, NOON, Gateway, bearer, running_gateway

from bot.recommendations.recommendation import Recommends, Wish
from bot.shoppers.events import Event
from bot.shoppers.shopper import Shopper
from bot.web.lazy_recommender import LazyRecommender
from bot.web.recommendation_api import RecommenderNotReady
from bot.web.tokens import CustomerTokens
from knowledge_base.products import Product

BROWSER = "6f1c2e7a-53b1-4c0e-9d55-0f3a8c1b2d4e"
LAMP = Product("OFF 1", "Stavell Lamp", "Stavell", "Office", 4950, "EUR", 3, {}, (), "")
DESK = Product("OFF-2", "Stavell Desk", "Stavell", "Office", 30000, "EUR", 3, {}, (), "")
MUG = Product("COF-1", "Morrow Mug", "Morrow", "Coffee & Tea", 1200, "EUR", 3, {}, (), "")
SHELF = (LAMP, DESK, MUG)


class Site:
    """The shop's own site, asking for its shoppers."""

    def __init__(self, gateway: Gateway, recommender: FakeRecommender) -> None:
        self.gateway = gateway
        self.recommender = recommender

    async def get(self, customer: str | None = None, **query: Any) -> tuple[int, Any]:
        tokens = CustomerTokens(CUSTOMER_SECRET, self.gateway.clock)
        token = None if customer is None else tokens.sign(customer, timedelta(hours=1))
        return await self.get_with(bearer(token), **query)

    async def get_with(self, headers: dict[str, str], **query: Any) -> tuple[int, Any]:
        async with self.gateway.client.get("/api/recommendations", params=query, headers=headers) as response:
            return response.status, await response.json()

    def did_something(self, customer_id: str | None = None, anonymous_id: str | None = None) -> None:
        its_id = f"{customer_id}-{anonymous_id}"[:80]
        event = Event(its_id, "Product Viewed", NOON, customer_id, anonymous_id, "OFF-2")
        self.gateway.shop.events.record([event])


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    recommender = FakeRecommender(SHELF)
    async with running_gateway(tmp_path, load_recommender=lambda: recommender) as gateway:
        gateway.shop.catalogue.put_products(SHELF)
        gateway.shop.consents.decide(ANNA.id, True, "site")
        yield Site(gateway, recommender)


def skus(body: Any) -> list[str]:
    return [item["sku"] for item in body["items"]]


async def test_a_customer_gets_what_fits_them_with_reason_price_and_picture(site: Site) -> None:
    site.did_something(customer_id=ANNA.id)
    status, body = await site.get(ANNA.id, count=1)
    assert (status, body) == (
        200,
        {
            "kind": "for_you",
            "items": [
                {
                    "sku": "OFF 1",
                    "name": "Stavell Lamp",
                    "score": 1.0,
                    "reason": "It fits.",
                    "price": "49.50 EUR",
                    "url": "/products/OFF%201",
                    "image": "/products/OFF%201/picture.svg",
                }
            ],
            "milliseconds": 1.5,
        },
    )
    assert site.recommender.asked == [(Shopper(customer_id=ANNA.id), Wish())]


async def test_who_did_nothing_yet_and_who_is_nobody_get_what_is_popular(site: Site) -> None:
    for status, body in (await site.get(), await site.get(ANNA.id), await site.get(anonymous_id=BROWSER)):
        assert (status, body["kind"], skus(body)) == (200, "popular", ["COF-1", "OFF-2", "OFF 1"])
    assert site.recommender.asked == []


async def test_a_browser_gets_what_fits_its_own_signed_out_behaviour(site: Site) -> None:
    site.did_something(customer_id=ANNA.id, anonymous_id=BROWSER)
    assert (await site.get(anonymous_id=BROWSER))[1]["kind"] == "popular"
    site.did_something(anonymous_id=BROWSER)
    assert (await site.get(anonymous_id=BROWSER))[1]["kind"] == "for_you"
    assert site.recommender.asked == [(Shopper(anonymous_id=BROWSER), Wish())]


async def test_of_a_customer_without_consent_nothing_is_looked_at_not_even_their_browser(site: Site) -> None:
    site.did_something(anonymous_id=BROWSER)
    site.gateway.shop.consents.decide(ANNA.id, False, "site")
    assert (await site.get(ANNA.id, anonymous_id=BROWSER))[1]["kind"] == "popular"


async def test_products_alike_and_products_that_go_with_one(site: Site) -> None:
    assert skus((await site.get(kind="similar", sku="OFF-2"))[1]) == ["OFF 1"]
    assert skus((await site.get(kind="goes_with", sku="OFF-2"))[1]) == ["COF-1"]
    assert (await site.get(kind="similar", sku="gone"))[1]["items"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"customer_id": "C00017"}, "unknown_field"),
        ({"kind": "everything"}, "bad_kind"),
        ({"kind": "similar"}, "bad_sku"),
        ({"kind": "similar", "sku": ""}, "bad_sku"),
        ({"kind": "similar", "sku": "x" * 101}, "bad_sku"),
        ({"kind": "popular", "sku": "OFF-2"}, "bad_sku"),
        ({"count": "0"}, "bad_count"),
        ({"count": "21"}, "bad_count"),
        ({"count": "²"}, "bad_count"),
        ({"count": "9" * 5000}, "bad_count"),
        ({"anonymous_id": "../../etc"}, "bad_anonymous_id"),
    ],
)
async def test_what_was_not_agreed_is_refused(site: Site, query: dict[str, str], code: str) -> None:
    status, body = await site.get(**query)
    assert (status, body["error"]["code"]) == (422, code)


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic QTpC", ANNA.id])
async def test_a_token_that_is_none_is_refused_whatever_else_is_sent(site: Site, header: str) -> None:
    status, body = await site.get_with({"Authorization": header}, anonymous_id=BROWSER)
    assert (status, body["error"]["code"]) == (401, "bad_customer_token")


async def test_too_many_are_told_to_wait(tmp_path: Path) -> None:
    shelf = FakeRecommender(SHELF)
    async with running_gateway(tmp_path, load_recommender=lambda: shelf, recommendations_burst=2) as gateway:
        site = Site(gateway, shelf)
        assert [(await site.get())[0] for _ in range(3)] == [200, 200, 429]


async def test_pages_of_allowed_sites_may_read_the_answer_and_of_no_other(tmp_path: Path) -> None:
    shelf, ours = FakeRecommender(SHELF), "https://shop.example"
    async with running_gateway(tmp_path, load_recommender=lambda: shelf, widget_origins=[ours]) as gateway:
        path, headers = "/api/recommendations", {"Origin": ours}
        async with gateway.client.get(path, headers=headers) as response:
            assert response.headers["Access-Control-Allow-Origin"] == ours
            assert response.headers["Cache-Control"] == "no-store"
        async with gateway.client.get(path, headers={"Origin": "https://else.example"}) as response:
            assert response.status == 403


async def test_without_a_recommender_it_says_so(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        status, body = await Site(gateway, FakeRecommender(SHELF)).get()
    assert (status, body) == (
        503,
        {
            "error": {
                "code": "not_ready",
                "detail": "The recommender could not be loaded; see the shop's log.",
            }
        },
    )


async def test_a_recommender_that_breaks_is_a_503(site: Site) -> None:
    await site.get()
    site.recommender.fails = True
    status, body = await site.get()
    assert (status, body["error"]["code"]) == (503, "no_recommendations")


class Lazy:
    """A lazy recommender with its clock, and how often it was loaded."""

    def __init__(self, load: Callable[[], Recommends], wait_seconds: float = 5) -> None:
        self.time, self.loads = 0.0, 0
        self._load = load
        self.lazy = LazyRecommender(
            self._counted, ThreadPoolExecutor(1), wait_seconds, retry_seconds=60, clock=lambda: self.time
        )

    def _counted(self) -> Recommends:
        self.loads += 1
        return self._load()


async def test_it_is_loaded_at_the_first_question_and_once() -> None:
    recommender = FakeRecommender(SHELF)
    lazy = Lazy(lambda: recommender)
    assert lazy.loads == 0
    assert [await lazy.lazy.ready(), await lazy.lazy.ready()] == [recommender, recommender]
    assert lazy.loads == 1


async def test_nobody_waits_long_for_it() -> None:
    may_load = threading.Event()

    def load() -> Recommends:
        may_load.wait(10)
        return FakeRecommender(SHELF)

    lazy = Lazy(load, wait_seconds=0.01)
    with pytest.raises(RecommenderNotReady, match="still loading"):
        await lazy.lazy.ready()
    may_load.set()


async def test_a_load_that_failed_is_tried_again_after_a_minute() -> None:
    def load() -> Recommends:
        raise OSError("no such model")

    lazy = Lazy(load)
    for _ in range(3):
        with pytest.raises(RecommenderNotReady, match="could not be loaded"):
            await lazy.lazy.ready()
    assert lazy.loads == 1
    lazy.time = 61
    with pytest.raises(RecommenderNotReady):
        await lazy.lazy.ready()
    assert lazy.loads == 2
