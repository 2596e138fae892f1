"""What does a shopper get who talks over plain HTTP?"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp import web
from running_gateway import (
    ANNA,
    CUSTOMER_SECRET,
    NOON,
    FakeRasa,
    after,
    always,
    bearer,
    free_port,
    running_gateway,
)

from bot.conversations import Conversation
from bot.web.apologies import NOTHING_TO_SAY, OUT_OF_ORDER, TOO_SLOW
from bot.web.replies import reply_id
from bot.web.tokens import CustomerTokens

ID = "6f1c2e7a-53b1-4c0e-9d55-0f3a8c1b2d4e"


def echoed(text: str, message_id: str = ID) -> dict[str, Any]:
    return {"messages": [{"id": reply_id(message_id, 0), "text": f"echo: {text}"}]}


def code_of(body: Any) -> str:
    return str(body["error"]["code"])


async def test_a_message_gets_rasas_reply(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session()
        assert await gateway.send(token, "hello", id=ID, product="LK-1") == (200, echoed("hello"))
        [heard] = gateway.rasa.heard
        assert heard["message"] == "hello"
        assert heard["metadata"] == {"product": "LK-1"}


async def test_rasa_knows_the_shopper_by_the_conversation_that_the_server_made(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        await gateway.send(await gateway.session(), "hello")
        sender = gateway.rasa.heard[0]["sender"]
        assert str(UUID(sender)) == sender
        assert gateway.shop.conversations.find(sender) == Conversation(sender, None)


async def test_the_history_gives_each_turn_in_order(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session()
        await gateway.send(token, "  hello ", id=ID)
        assert await gateway.history(token) == [
            {"id": ID, "text": "hello", "at": NOON.isoformat(), **echoed("hello")}
        ]


async def test_one_shopper_does_not_see_anothers_history(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        await gateway.send(await gateway.session(), "hello")
        assert await gateway.history(await gateway.session()) == []


async def test_a_signed_customer_token_makes_the_conversation_the_customers(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        signed = CustomerTokens(CUSTOMER_SECRET, gateway.clock).sign(ANNA.id, timedelta(minutes=5))
        await gateway.send(await gateway.session(customer_token=signed), "hello")
        sender = gateway.rasa.heard[0]["sender"]
        assert gateway.shop.conversations.find(sender) == Conversation(sender, ANNA.id)


@pytest.mark.parametrize(
    ("customer", "secret", "minutes", "code"),
    [
        (ANNA.id, CUSTOMER_SECRET, 0, "customer_token_expired"),
        (ANNA.id, "not the secret that the site shares", 5, "bad_customer_token"),
        ("C99999", CUSTOMER_SECRET, 5, "unknown_customer"),
    ],
)
async def test_a_customer_token_that_is_not_right_is_refused_and_begins_nothing(
    tmp_path: Path, customer: str, secret: str, minutes: int, code: str
) -> None:
    async with running_gateway(tmp_path) as gateway:
        signed = CustomerTokens(secret, gateway.clock).sign(customer, timedelta(minutes=minutes))
        status, body = await gateway.post("/api/chat/sessions", json={"customer_token": signed})
        assert (status, code_of(body)) == (401, code)


async def test_a_shop_that_signs_no_customers_refuses_their_tokens(tmp_path: Path) -> None:
    async with running_gateway(tmp_path, customer_token_secret=None) as gateway:
        status, body = await gateway.post("/api/chat/sessions", json={"customer_token": "x"})
        assert (status, code_of(body)) == (401, "no_customer_tokens")


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"text": ""}, 422, "empty_text"),
        ({"text": " \n\x00 "}, 422, "empty_text"),
        ({"text": "x" * 2001}, 422, "long_text"),
        ({"text": "x" * 10_000}, 422, "long_text"),
        ({"text": 5}, 422, "bad_text"),
        ({"text": None}, 422, "bad_text"),
        ({"text": ["a"]}, 422, "bad_text"),
        ({"id": "1"}, 422, "bad_id"),
        ({"id": 7}, 422, "bad_id"),
        ({"id": "{6f1c2e7a53b14c0e9d550f3a8c1b2d4e}--"}, 422, "bad_id"),
        ({"product": ""}, 422, "bad_product"),
        ({"product": 5}, 422, "bad_product"),
        ({"product": "x\ny"}, 422, "bad_product"),
        ({"sender": "someone else"}, 422, "unknown_field"),
        ({"text": "x" * 20_000}, 413, "too_large"),
    ],
)
async def test_a_message_outside_of_what_is_allowed_is_refused(
    tmp_path: Path, fields: dict[str, Any], status: int, code: str
) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session()
        came, body = await gateway.send(token, **({"text": "hello"} | fields))
        assert (came, code_of(body)) == (status, code)
        assert gateway.rasa.heard == []


async def test_a_long_text_is_told_how_long_it_may_be_and_how_long_it_was(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        _, body = await gateway.send(await gateway.session(), "x" * 2001)
        assert body["error"]["detail"] == "text must have 1 to 2000 characters, 2001 came."


@pytest.mark.parametrize(
    ("data", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "broken_json"),
        (b"\xff", "application/json", 400, "broken_json"),
        (b"[" * 9000, "application/json", 400, "broken_json"),
        (b'{"id": NaN}', "application/json", 400, "broken_json"),
        (b"9" * 9000, "application/json", 400, "broken_json"),
        (b"[]", "application/json", 422, "not_an_object"),
        (b"null", "application/json", 422, "not_an_object"),
        (b"", "application/json", 400, "broken_json"),
        (b"{}", "text/plain", 415, "not_json"),
        (b"a=b", "application/x-www-form-urlencoded", 415, "not_json"),
        (b"{}", "application/json; charset=utf-16", 415, "not_json"),
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(
    tmp_path: Path, data: bytes, kind: str, status: int, code: str
) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session()
        came, body = await gateway.post(
            "/api/chat/messages", token, data=data, headers={"Content-Type": kind}
        )
        assert (came, code_of(body)) == (status, code)


async def test_control_characters_and_half_surrogates_are_left_out(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        await gateway.send(await gateway.session(), "a\x00b\x1b[31m\ud800 c\r\nd \u202fe 👩‍🚀")
        assert gateway.rasa.heard[0]["message"] == "ab[31m c\nd \u202fe 👩‍🚀"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer"}, {"Authorization": "Basic abc"}])
async def test_without_a_token_nothing_is_said(tmp_path: Path, headers: dict[str, str]) -> None:
    async with running_gateway(tmp_path) as gateway:
        response = await gateway.client.get("/api/chat/messages", headers=headers)
        assert response.status == 401
        assert code_of(await response.json()) == "no_token"
        assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_a_session_is_refused_once_it_is_over(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session()
        gateway.clock.time += timedelta(hours=73)
        status, body = await gateway.send(token, "hello")
        assert (status, code_of(body)) == (401, "token_expired")


async def test_a_conversation_that_the_database_does_not_know_is_refused(tmp_path: Path) -> None:
    secret = "the same signing key in both of these shops"
    async with running_gateway(tmp_path / "old", token_secret=secret) as gateway:
        token = await gateway.session()
    async with running_gateway(tmp_path / "new", token_secret=secret) as gateway:
        status, body = await gateway.send(token, "hello")
        assert (status, code_of(body)) == (401, "unknown_conversation")


async def test_the_same_id_twice_gets_the_same_answer_and_is_asked_once(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session()
        first = await gateway.send(token, "hello", id=ID)
        assert await gateway.send(token, "hello", id=ID.upper()) == first
        assert len(gateway.rasa.heard) == 1


async def test_the_same_id_at_the_same_moment_is_asked_once(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        gateway.rasa.answer = after(0.1)
        token = await gateway.session()
        answers = await asyncio.gather(*(gateway.send(token, "hello", id=ID) for _ in range(8)))
        assert answers == [(200, echoed("hello"))] * 8
        assert len(gateway.rasa.heard) == 1


async def test_the_same_id_after_a_restart_gets_the_same_answer(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session()
        first = await gateway.send(token, "hello", id=ID)
    async with running_gateway(tmp_path) as gateway:
        assert await gateway.send(token, "hello", id=ID) == first
        assert gateway.rasa.heard == []


async def test_a_message_left_unanswered_by_a_crash_is_answered_when_it_comes_again(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session()
        await gateway.send(token, "first")
        conversation_id = gateway.rasa.heard[0]["sender"]
        gateway.shop.conversations.receive(conversation_id, ID, "hello")
        assert (await gateway.history(token))[1]["messages"] is None
        assert await gateway.send(token, "hello", id=ID) == (200, echoed("hello"))


async def test_the_same_id_with_another_text_is_refused(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        token = await gateway.session()
        await gateway.send(token, "hello", id=ID)
        status, body = await gateway.send(token, "goodbye", id=ID)
        assert (status, code_of(body)) == (409, "other_text")


async def test_the_same_id_with_another_text_is_refused_also_while_the_first_is_answered(
    tmp_path: Path,
) -> None:
    async with running_gateway(tmp_path) as gateway:
        gateway.rasa.answer = after(0.2)
        token = await gateway.session()
        first = asyncio.create_task(gateway.send(token, "hello", id=ID))
        await asyncio.sleep(0.05)
        status, body = await gateway.send(token, "goodbye", id=ID)
        assert (status, code_of(body)) == (409, "other_text")
        assert await first == (200, echoed("hello"))


async def test_two_shoppers_may_use_the_same_id(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        for text in ("hello", "goodbye"):
            assert await gateway.send(await gateway.session(), text, id=ID) == (200, echoed(text))


async def test_one_conversation_is_answered_one_message_at_a_time_and_many_at_once(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        gateway.rasa.answer = after(0.05)
        tokens = [await gateway.session() for _ in range(4)]
        started = asyncio.get_running_loop().time()
        await asyncio.gather(*(gateway.send(token, f"m{n}") for n in range(4) for token in tokens))
        took = asyncio.get_running_loop().time() - started
        assert gateway.rasa.most_at_once == dict.fromkeys(gateway.rasa.most_at_once, 1)
        assert len(gateway.rasa.most_at_once) == 4
        assert took < 16 * 0.05
        for token in tokens:
            assert [turn["text"] for turn in await gateway.history(token)] == ["m0", "m1", "m2", "m3"]


@pytest.mark.parametrize(
    ("reply", "apology", "outcome"),
    [
        (after(5), TOO_SLOW, "late"),
        (always(lambda: web.Response(status=500)), OUT_OF_ORDER, "refused"),
        (always(lambda: web.Response(text="<html>")), OUT_OF_ORDER, "malformed"),
        (always(lambda: web.json_response({"status": "failure"})), OUT_OF_ORDER, "malformed"),
        (always(lambda: web.json_response(["hello"])), OUT_OF_ORDER, "malformed"),
        (always(lambda: web.Response(body=b"[" * 2_000_000)), OUT_OF_ORDER, "malformed"),
        (always(lambda: web.json_response([])), NOTHING_TO_SAY, "empty"),
        (always(lambda: web.json_response([{"text": None}, {"text": " "}])), NOTHING_TO_SAY, "empty"),
    ],
)
async def test_the_shopper_always_gets_a_sentence_and_the_log_the_cause(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, reply: Any, apology: str, outcome: str
) -> None:
    caplog.set_level(logging.INFO, "bot.web")
    async with running_gateway(tmp_path, reply_timeout_seconds=0.2) as gateway:
        gateway.rasa.answer = reply
        token = await gateway.session()
        sorry = {"messages": [{"id": reply_id(ID, 0), "text": apology}]}
        assert await gateway.send(token, "my secret question", id=ID) == (200, sorry)
        assert (await gateway.history(token))[0]["messages"] == sorry["messages"]
        assert await gateway.send(token, "my secret question", id=ID) == (200, sorry)
    warning, turn, repeated = (record.getMessage() for record in caplog.records if "message=" in record.msg)
    assert f"outcome={outcome} cause=Rasa" in warning
    assert f"message={ID} outcome={outcome} ms=" in turn
    assert "outcome=repeated" in repeated
    assert "secret" not in caplog.text
    assert token not in caplog.text


async def test_the_shopper_gets_a_sentence_when_rasa_is_down(tmp_path: Path) -> None:
    async with running_gateway(tmp_path, rasa_port=free_port()) as gateway:
        _, body = await gateway.send(await gateway.session(), "hello", id=ID)
        assert body == {"messages": [{"id": reply_id(ID, 0), "text": OUT_OF_ORDER}]}


async def test_a_turn_goes_on_when_the_browser_has_gone(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        gateway.rasa.answer = after(0.2)
        token = await gateway.session()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await gateway.send(token, "hello", id=ID)
        await asyncio.sleep(0.3)
        assert (await gateway.history(token))[0]["messages"] == echoed("hello")["messages"]


async def test_a_turn_in_flight_is_finished_before_the_process_ends(tmp_path: Path) -> None:
    rasa = FakeRasa()
    rasa.answer = after(0.3)
    async with running_gateway(tmp_path, rasa) as gateway:
        token = await gateway.session()
        sending = asyncio.create_task(gateway.send(token, "hello", id=ID))
        await asyncio.sleep(0.1)
        await gateway.client.server.close()
        assert await sending == (200, echoed("hello"))


async def test_the_21st_message_at_once_has_to_wait(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        token, other = await gateway.session(), await gateway.session()
        for _ in range(20):
            assert (await gateway.send(token, "hello"))[0] == 200
        body = {"id": str(uuid4()), "text": "hello"}
        response = await gateway.client.post("/api/chat/messages", json=body, headers=bearer(token))
        assert response.status == 429
        assert response.headers["Retry-After"] == "1"
        assert code_of(await response.json()) == "rate_limited"
        assert (await gateway.send(other, "hello"))[0] == 200


async def test_an_address_may_begin_30_sessions_at_once(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        statuses = [(await gateway.post("/api/chat/sessions", json={}))[0] for _ in range(31)]
        assert statuses == [201] * 30 + [429]
        behind_a_proxy = {"X-Forwarded-For": "203.0.113.9"}
        status, _ = await gateway.post("/api/chat/sessions", json={}, headers=behind_a_proxy)
        assert status == 201


async def test_addresses_that_are_not_there_and_wrong_methods_answer_in_json(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        missing = await gateway.client.get("/api/nothing")
        wrong = await gateway.client.put("/api/chat/messages")
        assert (missing.status, code_of(await missing.json())) == (404, "not_found")
        assert (wrong.status, code_of(await wrong.json())) == (405, "method_not_allowed")
        assert wrong.headers["Allow"] == "GET,POST"


async def test_every_response_tells_the_browser_what_to_forbid(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        for path in ("/api/chat/messages", "/health", "/not/there", "/api/openapi.json"):
            headers = (await gateway.client.get(path)).headers
            assert "script-src 'self'" in headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


async def test_only_named_sites_may_carry_the_chat(tmp_path: Path) -> None:
    async with running_gateway(tmp_path, widget_origins=["https://shop.example"]) as gateway:
        own = f"http://127.0.0.1:{gateway.client.port}"
        seen = {}
        for origin in (own, "https://shop.example", "https://evil.example", "null"):
            response = await gateway.client.post("/api/chat/sessions", json={}, headers={"Origin": origin})
            seen[origin] = (response.status, response.headers.get("Access-Control-Allow-Origin"))
        assert seen == {
            own: (201, None),
            "https://shop.example": (201, "https://shop.example"),
            "https://evil.example": (403, None),
            "null": (403, None),
        }


async def test_a_named_sites_browser_is_told_what_it_may_send(tmp_path: Path) -> None:
    asking = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    async with running_gateway(tmp_path, widget_origins=["https://shop.example"]) as gateway:
        response = await gateway.client.options("/api/chat/messages", headers=asking)
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == "https://shop.example"
        assert response.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
        refused = await gateway.client.options(
            "/api/chat/messages", headers=asking | {"Origin": "https://a.b"}
        )
        assert refused.status == 403
