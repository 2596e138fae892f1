"""Which addresses does the web process answer, in words that programs read (OpenAPI 3.1)?"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from aiohttp import web

from bot.shoppers.event_calls import KINDS as CALL_KINDS
from bot.shoppers.events import EVENT_NAMES
from bot.shoppers.traits import TRAITS
from bot.web.agent.agent_openapi import AGENT_PATHS, AGENT_SCHEMAS
from bot.web.agent.staff_door import COOKIE
from bot.web.bodies import LONGEST_SKU, LONGEST_TEXT
from bot.web.openapi_pieces import (
    PLACE,
    TEXT,
    TEXT_OR_NULL,
    UUID,
    Schema,
    a_list,
    an_object,
    as_json,
    kind,
    operation,
    ref,
)
from bot.web.recommendation_api import KINDS as RECOMMENDATION_KINDS
from bot.web.recommendation_api import MOST as MOST_RECOMMENDATIONS
from bot.web.recommendation_api import USUAL_COUNT

STEP = an_object({"label": TEXT, "at": TEXT_OR_NULL, "done": {"type": "boolean"}})

MOMENT: Schema = {"type": "string", "format": "date-time"}
BATCH_FIELDS: dict[str, Schema] = {"sentAt": MOMENT, "context": ref("EventContext"), "writeKey": TEXT}

SCHEMAS: dict[str, Schema] = {
    "Error": an_object({"error": an_object({"code": TEXT, "detail": TEXT})}),
    "NewSession": an_object({}, {"customer_token": TEXT_OR_NULL, "anonymous_id": TEXT_OR_NULL})
    | {"additionalProperties": False},
    "Session": an_object({"token": TEXT}),
    "ShopperMessage": an_object(
        {"id": UUID, "text": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}},
        {"product": {"type": ["string", "null"], "minLength": 1, "maxLength": LONGEST_SKU}},
    )
    | {"additionalProperties": False},
    "Message": an_object(
        {"id": UUID, "text": TEXT},
        {"buttons": a_list(ref("Button")), "cards": a_list(ref("Card")), "image": TEXT},
    ),
    "Button": an_object({"title": TEXT, "payload": TEXT}),
    "Card": {"oneOf": [ref("SourceCard"), ref("ProductCard"), ref("OrderCard")]},
    "SourceCard": an_object(
        {"kind": kind("source"), "title": TEXT, "url": TEXT, "passage": TEXT, "start": PLACE, "end": PLACE}
    ),
    "ProductCard": an_object(
        {"kind": kind("product"), "sku": TEXT, "title": TEXT},
        {
            "subtitle": TEXT,
            "price": TEXT,
            "url": TEXT,
            "image": TEXT,
            "reason": TEXT,
            "buttons": a_list(ref("Button")),
        },
    ),
    "OrderCard": an_object(
        {"kind": kind("order"), "number": TEXT, "state": TEXT, "title": TEXT},
        {"steps": a_list(STEP), "lines": a_list(TEXT), "total": TEXT},
    ),
    "Reply": an_object({"messages": a_list(ref("Message"))}),
    "Turn": an_object(
        {
            "id": UUID,
            "text": TEXT,
            "at": {"type": "string", "format": "date-time"},
            "messages": {"oneOf": [a_list(ref("Message")), {"type": "null"}]},
        }
    ),
    "History": an_object({"turns": a_list(ref("Turn"))}),
    "EventCalls": {
        "oneOf": [ref("EventCall"), an_object({"batch": a_list(ref("EventCall"))}, BATCH_FIELDS)],
        "description": "One call, or up to 2500 in a batch; a call has 32 kB at most, a batch 500 kB.",
    },
    "EventCall": an_object(
        {"type": {"enum": list(CALL_KINDS)}, "messageId": {"type": "string", "maxLength": 80}},
        {
            "event": {"enum": list(EVENT_NAMES)},
            "properties": {"type": "object"},
            "traits": an_object({}, {name: {"enum": [*allowed, None]} for name, allowed in TRAITS.items()}),
            "anonymousId": {"type": "string", "minLength": 8, "maxLength": 80},
            "userId": {"type": "string", "maxLength": 40},
            "timestamp": MOMENT,
            **BATCH_FIELDS,
        },
    ),
    "EventContext": an_object(
        {},
        {
            "consent": an_object(
                {}, {"categoryPreferences": an_object({}, {"profiling": {"type": "boolean"}})}
            ),
            "doNotTrack": {"type": "boolean"},
            "customerToken": TEXT,
        },
    ),
    "EventsTaken": an_object(
        {
            "accepted": PLACE,
            "repeated": PLACE,
            "dropped": an_object({"no_consent": PLACE, "do_not_track": PLACE}),
            "rejected": a_list(an_object({"index": PLACE, "field": TEXT, "detail": TEXT})),
            "ignored_traits": PLACE,
        }
    ),
    "Recommended": an_object(
        {"kind": {"enum": list(RECOMMENDATION_KINDS)}, "items": a_list(ref("RecommendedProduct"))}
        | {"milliseconds": {"type": "number"}},
    ),
    "RecommendedProduct": an_object(
        {"sku": TEXT, "name": TEXT, "score": {"type": "number"}, "reason": TEXT}
        | {"price": TEXT, "url": TEXT, "image": TEXT},
    ),
    **AGENT_SCHEMAS,
    "Part": an_object({"ready": {"type": "boolean"}}, {"detail": TEXT}),
    "Health": an_object(
        {"ready": {"type": "boolean"}, "parts": {"type": "object", "additionalProperties": ref("Part")}}
    ),
}

PATHS: dict[str, dict[str, Schema]] = {
    "/api/chat/sessions": {
        "post": operation(
            "Begin a conversation. customer_token is signed by the shop's own site; anonymous_id is the "
            "random id of a browser whose user agreed to profiling.",
            {201: as_json("The conversation's token.", ref("Session"))},
            (400, 401, 403, 413, 415, 422, 429),
            body="NewSession",
        )
    },
    "/api/chat/messages": {
        "post": operation(
            "Send a message and wait for its reply. The same id again gives the same reply.",
            {200: as_json("The reply.", ref("Reply"))},
            (400, 401, 403, 409, 413, 415, 422, 429, 503),
            body="ShopperMessage",
            security="session",
        ),
        "get": operation(
            "The conversation so far, oldest turn first.",
            {200: as_json("The turns.", ref("History"))},
            (401, 403, 429),
            security="session",
        ),
    },
    "/api/chat/socket": {
        "get": operation(
            'The same messages over a WebSocket. The first frame is {"type": "hello", "token": ...}.',
            {101: {"description": "The socket is open."}},
            (403,),
        )
    },
    "/api/events": {
        "post": operation(
            "Tell what shoppers do, in Segment's form. Answered when it is stored; the same messageId again "
            "changes nothing. The key is the Bearer token, the user name of Basic, or writeKey.",
            {202: as_json("What became of the calls.", ref("EventsTaken"))},
            (400, 401, 403, 413, 415, 422, 429, 503),
            body="EventCalls",
            security="events",
        )
    },
    "/api/recommendations": {
        "get": operation(
            "Products for the customer of the Bearer token, else for the browser anonymous_id, else what is "
            "popular. The answer's kind tells which it became.",
            {200: as_json("The products, best first.", ref("Recommended"))},
            (401, 403, 422, 429, 503),
            security="customer",
            query={
                "kind": {"enum": list(RECOMMENDATION_KINDS), "default": RECOMMENDATION_KINDS[0]},
                "sku": {**TEXT, "description": "Needed for similar and goes_with.", "maxLength": LONGEST_SKU},
                "count": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MOST_RECOMMENDATIONS,
                    "default": USUAL_COUNT,
                },
                "anonymous_id": {**TEXT, "minLength": 8, "maxLength": 80},
            },
        )
    },
    **AGENT_PATHS,
    "/api/openapi.json": {
        "get": operation("This document.", {200: as_json("OpenAPI 3.1.", {"type": "object"})})
    },
    "/health": {
        "get": operation(
            "Whether each part is ready.",
            {
                200: as_json("All parts are ready.", ref("Health")),
                503: as_json("A part is not ready.", ref("Health")),
            },
        )
    },
    "/metrics": {
        "get": operation(
            "Figures in Prometheus' text format, for this machine or with the metrics key as Bearer token.",
            {200: {"description": "The figures.", "content": {"text/plain": {"schema": TEXT}}}},
            (403,),
        )
    },
}


def openapi_document() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Storekeep", "version": _version()},
        "paths": PATHS,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "session": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "events": {"type": "http", "scheme": "bearer"},
                "staff": {"type": "apiKey", "in": "cookie", "name": COOKIE},
                "customer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "Signed by the shop's own site; may be left out.",
                },
            },
        },
    }


async def get_document(_request: web.Request) -> web.Response:
    return web.json_response(openapi_document())


def _version() -> str:
    try:
        return version("storekeep")
    except PackageNotFoundError:
        return "0"
