"""Which addresses does the web process answer, in words that programs read (OpenAPI 3.1)?"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from aiohttp import web

from bot.shoppers.event_calls import KINDS as CALL_KINDS
from bot.shoppers.events import EVENT_NAMES
from bot.shoppers.traits import TRAITS
from bot.web.bodies import LONGEST_SKU, LONGEST_TEXT
from bot.web.recommendation_api import KINDS as RECOMMENDATION_KINDS
from bot.web.recommendation_api import MOST as MOST_RECOMMENDATIONS
from bot.web.recommendation_api import USUAL_COUNT

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
UUID: Schema = {"type": "string", "format": "uuid"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}


def _object(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {"type": "object", "required": list(required), "properties": required | (optional or {})}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _kind(name: str) -> Schema:
    return {"const": name}


STEP = _object({"label": TEXT, "at": TEXT_OR_NULL, "done": {"type": "boolean"}})
PLACE: Schema = {"type": "integer", "minimum": 0}

MOMENT: Schema = {"type": "string", "format": "date-time"}
BATCH_FIELDS: dict[str, Schema] = {"sentAt": MOMENT, "context": _ref("EventContext"), "writeKey": TEXT}

SCHEMAS: dict[str, Schema] = {
    "Error": _object({"error": _object({"code": TEXT, "detail": TEXT})}),
    "NewSession": _object({}, {"customer_token": TEXT_OR_NULL, "anonymous_id": TEXT_OR_NULL})
    | {"additionalProperties": False},
    "Session": _object({"token": TEXT}),
    "ShopperMessage": _object(
        {"id": UUID, "text": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}},
        {"product": {"type": ["string", "null"], "minLength": 1, "maxLength": LONGEST_SKU}},
    )
    | {"additionalProperties": False},
    "Message": _object(
        {"id": UUID, "text": TEXT},
        {"buttons": _list(_ref("Button")), "cards": _list(_ref("Card")), "image": TEXT},
    ),
    "Button": _object({"title": TEXT, "payload": TEXT}),
    "Card": {"oneOf": [_ref("SourceCard"), _ref("ProductCard"), _ref("OrderCard")]},
    "SourceCard": _object(
        {"kind": _kind("source"), "title": TEXT, "url": TEXT, "passage": TEXT, "start": PLACE, "end": PLACE}
    ),
    "ProductCard": _object(
        {"kind": _kind("product"), "sku": TEXT, "title": TEXT},
        {
            "subtitle": TEXT,
            "price": TEXT,
            "url": TEXT,
            "image": TEXT,
            "reason": TEXT,
            "buttons": _list(_ref("Button")),
        },
    ),
    "OrderCard": _object(
        {"kind": _kind("order"), "number": TEXT, "state": TEXT, "title": TEXT},
        {"steps": _list(STEP), "lines": _list(TEXT), "total": TEXT},
    ),
    "Reply": _object({"messages": _list(_ref("Message"))}),
    "Turn": _object(
        {
            "id": UUID,
            "text": TEXT,
            "at": {"type": "string", "format": "date-time"},
            "messages": {"oneOf": [_list(_ref("Message")), {"type": "null"}]},
        }
    ),
    "History": _object({"turns": _list(_ref("Turn"))}),
    "EventCalls": {
        "oneOf": [_ref("EventCall"), _object({"batch": _list(_ref("EventCall"))}, BATCH_FIELDS)],
        "description": "One call, or up to 2500 in a batch; a call has 32 kB at most, a batch 500 kB.",
    },
    "EventCall": _object(
        {"type": {"enum": list(CALL_KINDS)}, "messageId": {"type": "string", "maxLength": 80}},
        {
            "event": {"enum": list(EVENT_NAMES)},
            "properties": {"type": "object"},
            "traits": _object({}, {name: {"enum": [*allowed, None]} for name, allowed in TRAITS.items()}),
            "anonymousId": {"type": "string", "minLength": 8, "maxLength": 80},
            "userId": {"type": "string", "maxLength": 40},
            "timestamp": MOMENT,
            **BATCH_FIELDS,
        },
    ),
    "EventContext": _object(
        {},
        {
            "consent": _object({}, {"categoryPreferences": _object({}, {"profiling": {"type": "boolean"}})}),
            "doNotTrack": {"type": "boolean"},
            "customerToken": TEXT,
        },
    ),
    "EventsTaken": _object(
        {
            "accepted": PLACE,
            "repeated": PLACE,
            "dropped": _object({"no_consent": PLACE, "do_not_track": PLACE}),
            "rejected": _list(_object({"index": PLACE, "field": TEXT, "detail": TEXT})),
            "ignored_traits": PLACE,
        }
    ),
    "Recommended": _object(
        {"kind": {"enum": list(RECOMMENDATION_KINDS)}, "items": _list(_ref("RecommendedProduct"))}
        | {"milliseconds": {"type": "number"}},
    ),
    "RecommendedProduct": _object(
        {"sku": TEXT, "name": TEXT, "score": {"type": "number"}, "reason": TEXT}
        | {"price": TEXT, "url": TEXT, "image": TEXT},
    ),
    "Part": _object({"ready": {"type": "boolean"}}, {"detail": TEXT}),
    "Health": _object(
        {"ready": {"type": "boolean"}, "parts": {"type": "object", "additionalProperties": _ref("Part")}}
    ),
}

ERRORS = {
    400: "The body is not valid JSON.",
    401: "The token is missing, not ours, or over.",
    403: "Not allowed from there.",
    409: "The id belongs to a message with another text.",
    413: "The body is over what is allowed: 16 kB, 500 kB for events.",
    415: "The body is not application/json in UTF-8.",
    422: "A field is missing, unknown or outside of what is allowed.",
    429: "Too many at once; Retry-After says how many seconds to wait.",
    503: "It could not be stored, or the shop is restarting. Send it again under the same id.",
}

OPTIONAL: dict[str, tuple[Schema, ...]] = {"customer": ({},)}
"""The tokens that may be left out."""


def _json(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _operation(
    summary: str,
    good: dict[int, Schema],
    errors: tuple[int, ...] = (),
    body: str | None = None,
    security: str | None = None,
    query: dict[str, Schema] | None = None,
) -> Schema:
    responses = good | {status: _json(ERRORS[status], _ref("Error")) for status in errors}
    operation: Schema = {
        "summary": summary,
        "responses": {str(status): response for status, response in sorted(responses.items())},
        "security": [] if security is None else [{security: []}, *OPTIONAL.get(security, ())],
    }
    if query is not None:
        operation["parameters"] = [
            {"name": name, "in": "query", "required": False, "schema": schema}
            for name, schema in query.items()
        ]
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(body)}}}
    return operation


PATHS: dict[str, dict[str, Schema]] = {
    "/api/chat/sessions": {
        "post": _operation(
            "Begin a conversation. customer_token is signed by the shop's own site; anonymous_id is the "
            "random id of a browser whose user agreed to profiling.",
            {201: _json("The conversation's token.", _ref("Session"))},
            (400, 401, 403, 413, 415, 422, 429),
            body="NewSession",
        )
    },
    "/api/chat/messages": {
        "post": _operation(
            "Send a message and wait for its reply. The same id again gives the same reply.",
            {200: _json("The reply.", _ref("Reply"))},
            (400, 401, 403, 409, 413, 415, 422, 429, 503),
            body="ShopperMessage",
            security="session",
        ),
        "get": _operation(
            "The conversation so far, oldest turn first.",
            {200: _json("The turns.", _ref("History"))},
            (401, 403, 429),
            security="session",
        ),
    },
    "/api/chat/socket": {
        "get": _operation(
            'The same messages over a WebSocket. The first frame is {"type": "hello", "token": ...}.',
            {101: {"description": "The socket is open."}},
            (403,),
        )
    },
    "/api/events": {
        "post": _operation(
            "Tell what shoppers do, in Segment's form. Answered when it is stored; the same messageId again "
            "changes nothing. The key is the Bearer token, the user name of Basic, or writeKey.",
            {202: _json("What became of the calls.", _ref("EventsTaken"))},
            (400, 401, 403, 413, 415, 422, 429, 503),
            body="EventCalls",
            security="events",
        )
    },
    "/api/recommendations": {
        "get": _operation(
            "Products for the customer of the Bearer token, else for the browser anonymous_id, else what is "
            "popular. The answer's kind tells which it became.",
            {200: _json("The products, best first.", _ref("Recommended"))},
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
    "/api/openapi.json": {
        "get": _operation("This document.", {200: _json("OpenAPI 3.1.", {"type": "object"})})
    },
    "/health": {
        "get": _operation(
            "Whether each part is ready.",
            {
                200: _json("All parts are ready.", _ref("Health")),
                503: _json("A part is not ready.", _ref("Health")),
            },
        )
    },
    "/metrics": {
        "get": _operation(
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
