"""Does the collector take events from those who may send them, and say what became of each?"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import encode_basic_auth
from running_gateway import ANNA, CUSTOMER_SECRET, Gateway, running_gateway

from bot.shoppers.consent import Consents
from bot.shoppers.shopper import Shopper
from bot.web.event_keys import event_keys
from bot.web.tokens import CustomerTokens

WRITE, SERVER = "public-write-key", "secret-server-key"
BROWSER = "6f1c2e7a-53b1-4c0e-9d55-0f3a8c1b2d4e"
AGREED = {"consent": {"categoryPreferences": {"profiling": True}}}


def view(number: int = 1, **changes: Any) -> dict[str, Any]:
    call = {
        "type": "track",
        "messageId": f"m{number}",
        "anonymousId": BROWSER,
        "event": "Product Viewed",
        "properties": {"product_id": "L-1"},
        "context": AGREED,
    }
    return call | changes


def taken(**counts: Any) -> dict[str, Any]:
    dropped = {"no_consent": counts.pop("no_consent", 0), "do_not_track": counts.pop("do_not_track", 0)}
    nothing = {"accepted": 0, "repeated": 0, "dropped": dropped, "rejected": [], "ignored_traits": 0}
    return nothing | counts


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    keys: dict[str, Any] = {"events_write_key": WRITE, "events_server_key": SERVER}
    async with running_gateway(tmp_path, widget_origins=["https://shop.example"], **keys) as gateway:
        Consents(gateway.shop.database, gateway.clock).decide(ANNA.id, True, "test")
        yield gateway


def token(gateway: Gateway, customer: str = ANNA.id, hours: float = 1) -> str:
    return CustomerTokens(CUSTOMER_SECRET, gateway.clock).sign(customer, timedelta(hours=hours))


async def test_an_event_is_stored_when_it_is_answered_and_once(gateway: Gateway) -> None:
    assert await gateway.post("/api/events", WRITE, json=view()) == (202, taken(accepted=1))
    assert await gateway.post("/api/events", WRITE, json=view()) == (202, taken(repeated=1))
    [event] = gateway.shop.events.of_shopper(Shopper(anonymous_id=BROWSER))
    assert (event.name, event.sku, event.at) == ("Product Viewed", "L-1", gateway.clock())


async def test_a_batch_says_what_became_of_each_call(gateway: Gateway) -> None:
    batch = [view(1), view(1), view(2, context={}), view(3, event="Clicked"), view(4, userId=ANNA.id), "x"]
    status, answer = await gateway.post("/api/events", WRITE, json={"batch": batch})
    assert status == 202
    assert answer.pop("rejected") == [
        {
            "index": 3,
            "field": "event",
            "detail": answer_detail("Clicked"),
        },
        {
            "index": 4,
            "field": "context.customerToken",
            "detail": "should be there with a userId: a customer token, signed by the shop's site; "
            "came nothing",
        },
        {"index": 5, "field": "call", "detail": "should be an object; came 'x'"},
    ]
    expected = taken(accepted=1, repeated=1, no_consent=1)
    del expected["rejected"]
    assert answer == expected


def answer_detail(came: str) -> str:
    from bot.shoppers.events import EVENT_NAMES

    return f"should be one of {', '.join(EVENT_NAMES)}; came {came!r}"


async def test_a_customer_counts_only_with_the_sites_token_for_this_customer(gateway: Gateway) -> None:
    async def sent(proof: str | None, customer: str = ANNA.id) -> tuple[int, str]:
        context = AGREED if proof is None else AGREED | {"customerToken": proof}
        call = view(userId=customer, context=context)
        status, answer = await gateway.post("/api/events", WRITE, json=call)
        return status, "" if status == 202 else answer["error"]["detail"]

    assert (await sent(None))[0] == 422
    assert "came 'bad_customer_token'" in (await sent("not.a.token"))[1]
    assert "came 'customer_token_expired'" in (await sent(token(gateway, hours=-1)))[1]
    assert "should be the customer of the customer token" in (await sent(token(gateway), "C00018"))[1]
    assert "should be a customer of this shop" in (await sent(token(gateway, "C00018"), "C00018"))[1]
    assert gateway.shop.events.count() == 0
    assert await sent(token(gateway)) == (202, "")
    assert len(gateway.shop.events.of_customer(ANNA.id)) == 1


async def test_a_batchs_token_holds_for_its_calls(gateway: Gateway) -> None:
    batch = {"batch": [view(userId=ANNA.id)], "context": {"customerToken": token(gateway)}}
    assert (await gateway.post("/api/events", WRITE, json=batch))[0] == 202
    assert len(gateway.shop.events.of_customer(ANNA.id)) == 1


async def test_the_shops_server_may_name_its_customers(gateway: Gateway) -> None:
    call = view(userId=ANNA.id, anonymousId=None)
    assert await gateway.post("/api/events", SERVER, json=call) == (202, taken(accepted=1))
    basic = encode_basic_auth(SERVER, "")
    again = await gateway.post("/api/events", headers={"Authorization": basic}, json=call)
    assert again == (202, taken(repeated=1))


async def test_a_beacon_brings_its_key_in_the_body(gateway: Gateway) -> None:
    def beacon(key: str) -> dict[str, Any]:
        body = json.dumps({"batch": [view()], "writeKey": key})
        return {"data": body, "headers": {"Content-Type": "text/plain;charset=UTF-8"}}

    assert (await gateway.post("/api/events", **beacon(WRITE)))[0] == 202
    assert (await gateway.post("/api/events", **beacon("wrong")))[0] == 401
    # The server's key has no business in a body.
    assert (await gateway.post("/api/events", **beacon(SERVER)))[0] == 401


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nope"}, {"Authorization": "Basic ?"}])
async def test_without_a_key_nothing_is_taken(gateway: Gateway, headers: dict[str, str]) -> None:
    status, answer = await gateway.post("/api/events", json=view(), headers=headers)
    assert (status, answer["error"]["code"]) == (401, "bad_event_key")


async def test_a_shop_without_keys_collects_nothing(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        status, answer = await gateway.post("/api/events", WRITE, json=view())
    assert (status, answer["error"]["code"]) == (401, "no_event_keys")


async def test_the_demos_pages_have_a_write_key_of_their_own(tmp_path: Path) -> None:
    from bot.settings import Settings

    keys = event_keys(Settings(data_dir=tmp_path, demo=True))
    assert keys.write is not None
    assert len(keys.write) == 32
    assert keys == event_keys(Settings(data_dir=tmp_path, demo=True))
    assert keys.server is None


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
async def test_a_browser_that_wants_no_tracking_is_not_tracked(gateway: Gateway, header: str) -> None:
    answer = await gateway.post("/api/events", WRITE, json=view(), headers={header: "1"})
    assert answer == (202, taken(do_not_track=1))
    assert gateway.shop.events.count() == 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "broken_json"),
        ("[]", 422, "not_an_object"),
        ('{"batch": {}}', 422, "bad_batch"),
        ('{"batch": 5}', 422, "bad_batch"),
        ('{"batch": null}', 422, "bad_batch"),
        ('{"batch": []}', 422, "bad_batch"),
        ('{"batch": [1], "sentAt": "now"}', 422, "bad_sent_at"),
        ('{"batch": [1], "context": 1}', 422, "bad_context"),
        ('{"type": "track"}', 422, "all_rejected"),
        ('{"batch": [' + "1," * 3000 + "1]}", 422, "bad_batch"),
        ('{"x": "' + "x" * 40_000 + '"}', 413, "large_call"),
        ('{"x": "' + "x" * 600_000 + '"}', 413, "too_large"),
        ("[" * 100_000, 400, "broken_json"),
    ],
)
async def test_what_cannot_be_read_is_refused(gateway: Gateway, body: str, status: int, code: str) -> None:
    headers = {"Content-Type": "application/json"}
    came, answer = await gateway.post("/api/events", WRITE, data=body, headers=headers)
    assert (came, answer["error"]["code"]) == (status, code)


async def test_a_large_batch_of_small_calls_is_taken(gateway: Gateway) -> None:
    batch = {"batch": [view(number) for number in range(1500)]}
    assert await gateway.post("/api/events", WRITE, json=batch) == (202, taken(accepted=1500))


async def test_only_the_pages_of_known_sites_may_send(gateway: Gateway) -> None:
    known = {"Origin": "https://shop.example"}
    async with gateway.client.post("/api/events", json=view() | {"writeKey": WRITE}, headers=known) as answer:
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (202, known["Origin"])
    async with gateway.client.options("/api/events", headers=known) as preflight:
        assert preflight.status == 204
        assert preflight.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert (await gateway.post("/api/events", WRITE, json=view(2), headers=elsewhere))[0] == 403


async def test_an_address_that_sends_too_much_has_to_wait_and_the_server_never(tmp_path: Path) -> None:
    limits: dict[str, Any] = {"events_burst": 1, "events_seconds_each": 60, "events_write_key": WRITE}
    async with running_gateway(tmp_path, events_server_key=SERVER, **limits) as gateway:
        assert (await gateway.post("/api/events", WRITE, json=view(1)))[0] == 202
        assert (await gateway.post("/api/events", WRITE, json=view(2)))[0] == 429
        assert (await gateway.post("/api/events", SERVER, json=view(2)))[0] == 202


async def test_the_counters_tell_what_became_of_the_calls(gateway: Gateway) -> None:
    await gateway.post("/api/events", WRITE, json={"batch": [view(1), view(1), view(2, context={}), 7]})
    async with gateway.client.get("/metrics") as response:
        figures = await response.text()
    for outcome in ("accepted", "repeated", "no_consent", "rejected"):
        assert f'storekeep_events_total{{outcome="{outcome}"}} 1.0' in figures
    assert "storekeep_event_commit_seconds_count 1.0" in figures


async def test_no_log_line_tells_what_a_shopper_did(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    searched = view(event="Products Searched", properties={"query": "a very private wish"})
    await gateway.post("/api/events", WRITE, json=searched)
    await gateway.post("/api/events", WRITE, json=searched | {"messageId": 5})
    assert "private" not in caplog.text
    assert BROWSER not in caplog.text
