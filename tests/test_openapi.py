"""Is the description of the addresses true?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from agent_fakes import LAMP, running_agent
from recommendation_fakes import FakeRecommender
from running_gateway import bearer, running_gateway

from bot.web.openapi import openapi_document
from knowledge_base.products import Product

DESCRIBED = re.compile(r"/((agent/)?api/.*|health|metrics)")


async def test_the_document_names_every_address_for_programs_and_no_other(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        served = {
            (route.resource.canonical, route.method.lower())
            for route in gateway.client.app.router.routes()
            if route.resource is not None and DESCRIBED.fullmatch(route.resource.canonical)
        }
    described = {(path, method) for path, item in openapi_document()["paths"].items() for method in item}
    assert {pair for pair in served if pair[1] != "head"} == described


async def test_the_document_is_served(tmp_path: Path) -> None:
    async with running_gateway(tmp_path) as gateway:
        response = await gateway.client.get("/api/openapi.json")
        assert (response.status, await response.json()) == (200, openapi_document())


def refs(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if "$ref" in value else set()
        return own.union(*(refs(item) for item in value.values()))
    return set().union(*(refs(item) for item in value)) if isinstance(value, list) else set()


def test_every_reference_leads_somewhere_and_every_schema_is_used() -> None:
    document = openapi_document()
    assert refs(document) == {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value has the schema's type, fields and items: as much of JSON Schema as we use."""
    schemas = openapi_document()["components"]["schemas"]
    if "$ref" in schema:
        return fits(value, schemas[schema["$ref"].rpartition("/")[2]])
    if "oneOf" in schema:
        return sum(fits(value, one) for one in schema["oneOf"]) == 1
    if "const" in schema:
        return bool(value == schema["const"])
    if "enum" in schema:
        return value in schema["enum"]
    if schema.get("type") == "array":
        return isinstance(value, list) and all(fits(item, schema["items"]) for item in value)
    if schema.get("type") == "object":
        return isinstance(value, dict) and _fields_fit(value, schema)
    kinds = {"string": str, "boolean": bool, "integer": int, "null": type(None)}
    kinds["number"] = float
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return any(isinstance(value, kinds[name]) for name in names)


def _fields_fit(value: dict[str, Any], schema: dict[str, Any]) -> bool:
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties", False)
    extra = value.keys() - properties.keys()
    if not set(schema.get("required", ())) <= value.keys():
        return False
    if extra and not isinstance(others, dict):
        return False
    return all(fits(item, properties.get(name, others)) for name, item in value.items())


async def staff_answers(directory: Path) -> list[tuple[str, str, tuple[int, Any]]]:
    """A sign-in, an order, and decisions of which one is refused by the check."""
    decision = "/agent/api/promotions/{id}/decision"
    async with running_agent(directory) as agent:
        entered = await agent.post("sign-in", json={"token": agent.token()})
        written = await agent.post("promotions", json={"sku": LAMP.sku, "channel": "chat", "count": 2})
        promotion_id = written[1]["ids"][0]
        return [
            ("/agent/api/sign-in", "post", entered),
            ("/agent/api/promotions", "post", written),
            (decision, "post", await agent.decide(promotion_id, "maybe")),
            (decision, "post", await agent.decide(promotion_id, "edited", text="The best lamp.")),
            (decision, "post", await agent.decide(promotion_id, "approved")),
            (decision, "post", await agent.decide(promotion_id, "rejected", reason="late")),
        ]


async def test_what_is_answered_fits_the_document(tmp_path: Path) -> None:
    paths = openapi_document()["paths"]
    shelf = (Product("OFF-1", "Lamp", "Stavell", "Office", 4950, "EUR", 3, {}, (), ""),)
    async with running_gateway(tmp_path, load_recommender=lambda: FakeRecommender(shelf)) as gateway:
        gateway.shop.catalogue.put_products(shelf)
        token = await gateway.session()
        wrong = await gateway.send(token, 5)
        answers = [
            ("/api/chat/sessions", "post", await gateway.post("/api/chat/sessions", json={})),
            ("/api/chat/messages", "post", await gateway.send(token, "hello")),
            ("/api/chat/messages", "post", wrong),
        ]
        for path in ("/api/chat/messages", "/health"):
            response = await gateway.client.get(path, headers=bearer(token))
            answers.append((path, "get", (response.status, await response.json())))
        response = await gateway.client.get("/api/recommendations")
        answers.append(("/api/recommendations", "get", (response.status, await response.json())))
    answers += await staff_answers(tmp_path / "staff")
    for path, method, (status, body) in answers:
        response_schema = paths[path][method]["responses"][str(status)]["content"]["application/json"][
            "schema"
        ]
        assert fits(body, response_schema), (path, method, body)
        assert not fits(body | {"surprise": 1}, response_schema)
