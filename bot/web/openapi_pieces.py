"""What are the pieces of the description of our addresses (OpenAPI 3.1)?"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
UUID: Schema = {"type": "string", "format": "uuid"}
PLACE: Schema = {"type": "integer", "minimum": 0}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}


def an_object(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {"type": "object", "required": list(required), "properties": required | (optional or {})}


def a_list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def kind(name: str) -> Schema:
    return {"const": name}


ERRORS = {
    400: "The body is not valid JSON.",
    401: "The token is missing, not ours, or over.",
    403: "Not allowed from there.",
    404: "It is not there.",
    409: "The id belongs to a message with another text, or something else was decided before.",
    413: "The body is over what is allowed: 16 kB, 500 kB for events.",
    415: "The body is not application/json in UTF-8.",
    422: "A field is missing, unknown or outside of what is allowed.",
    429: "Too many at once; Retry-After says how many seconds to wait.",
    503: "It could not be stored, or the shop is restarting. Send it again under the same id.",
}

OPTIONAL: dict[str, tuple[Schema, ...]] = {"customer": ({},)}
"""The tokens that may be left out."""


def as_json(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def operation(
    summary: str,
    good: dict[int, Schema],
    errors: tuple[int, ...] = (),
    body: str | None = None,
    security: str | None = None,
    query: dict[str, Schema] | None = None,
) -> Schema:
    responses = good | {status: as_json(ERRORS[status], ref("Error")) for status in errors}
    made: Schema = {
        "summary": summary,
        "responses": {str(status): response for status, response in sorted(responses.items())},
        "security": [] if security is None else [{security: []}, *OPTIONAL.get(security, ())],
    }
    if query is not None:
        made["parameters"] = [
            {"name": name, "in": "query", "required": False, "schema": schema}
            for name, schema in query.items()
        ]
    if body is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": ref(body)}}}
    return made
