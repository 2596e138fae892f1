"""Do the shop front's pages show the shop, whatever its texts hold, and sign in only whom they may?"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from pydantic import SecretStr

from bot.assembly import Shop, open_shop
from bot.customers import Customer
from bot.database.tables import OrderRow
from bot.settings import Settings
from bot.web.event_keys import event_keys
from bot.web.shop_front import add_routes
from knowledge_base.products import Product, Review

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANNA = Customer("C00001", "anna.keller@mail.example", "Anna Keller", "DE", NOON)
HOSTILE = "<script>alert('x')</script>"
SHOE = Product(
    sku="RUN-001",
    name="Tarnwick Ridge Trail Shoe",
    brand="Tarnwick",
    category="Running",
    price_cents=12900,
    currency="EUR",
    stock=3,
    attributes={"Weight": "268 g"},
    tags=("trail",),
    description="Sticky rubber.\n\nNot waterproof.",
)
PAN = Product("KIT-001", "Vessbrook Anvil Skillet", "Vessbrook", "Kitchen", 4900, "EUR", 0, {}, (), HOSTILE)
KEY = SecretStr("the shop and its own site share this key")
Client = TestClient[web.Request, web.Application]
MakeClient = Callable[[web.Application], Awaitable[Client]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    policies = tmp_path / "knowledge" / "policies"
    policies.mkdir(parents=True)
    policies.joinpath("returns.md").write_text(f"# Returns\n\n## Who pays?\n\nWe do. {HOSTILE}\n")
    faq = tmp_path / "knowledge" / "faq"
    faq.mkdir()
    faq.joinpath("faq.jsonl").write_text(
        '{"id":"faq-1","topic":"Shop","question":"Open?","answer":"Always."}\n'
    )
    return Settings(
        data_dir=tmp_path,
        knowledge_dir=tmp_path / "knowledge",
        demo=True,
        token_secret=KEY,
        customer_token_secret=KEY,
    )


@pytest.fixture
def shop(settings: Settings) -> Shop:
    shop = open_shop(settings, lambda: NOON)
    shop.catalogue.put_products([SHOE, PAN])
    shop.catalogue.put_reviews(
        [Review("RUN-001", 4, date(2026, 3, 14), "Marta K.", "Grips", f"Good. {HOSTILE}")]
    )
    shop.customers.add([ANNA])
    with shop.database.session() as session:
        session.add_all([_order("LK-100001", "shipped", 20), _order("LK-100003", "placed", 22)])
    return shop


def _order(number: str, state: str, day: int) -> OrderRow:
    placed = datetime(2026, 11, day, tzinfo=UTC)
    return OrderRow(
        number=number,
        customer_id=ANNA.id,
        state=state,
        placed_at=placed,
        currency="EUR",
        total_cents=100,
        shipping_cents=0,
    )


@pytest.fixture
async def client(shop: Shop, settings: Settings, aiohttp_client: MakeClient) -> Client:
    return await aiohttp_client(application(shop, settings))


def application(shop: Shop, settings: Settings) -> web.Application:
    app = web.Application()
    add_routes(app, shop, settings)
    return app


async def page(client: Client, path: str, **options: Any) -> str:
    async with client.get(path, **options) as response:
        assert response.status == 200
        return await response.text()


async def sign_in(
    client: Client, customer: str, origin: str | None = None, back: str = "/"
) -> tuple[int, str | None]:
    headers = {"Origin": str(client.make_url("/")).rstrip("/") if origin is None else origin}
    form = {"customer": customer, "back": back}
    async with client.post("/demo/sign-in", data=form, headers=headers, allow_redirects=False) as response:
        return response.status, response.headers.get("Location")


async def test_the_home_page_lists_the_products_by_category_with_pictures(client: Client) -> None:
    html = await page(client, "/")
    assert re.findall(r"<h2>(\w+)</h2>", html) == ["Kitchen", "Running"]
    assert re.findall(r'src="(/products/[^"]+)"', html) == [
        "/products/KIT-001/picture.svg",
        "/products/RUN-001/picture.svg",
    ]
    assert "129.00 EUR" in html
    assert "Only 3 left" in html
    assert "Sold out" in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"category": "Running"}, ["RUN-001"]),
        ({"q": "SKILLET"}, ["KIT-001"]),
        ({"q": "trail"}, ["RUN-001"]),
        ({"category": "Kitchen", "q": "trail"}, []),
        ({"q": "%"}, []),
    ],
)
async def test_category_and_words_narrow_the_list(
    client: Client, query: dict[str, str], found: list[str]
) -> None:
    html = await page(client, "/", params=query)
    assert re.findall(r'class="tile" href="/products/([^"]+)"', html) == found


async def test_a_product_page_shows_all_that_is_known_and_tells_the_chat(client: Client) -> None:
    html = await page(client, "/products/RUN-001")
    for expected in (
        "<p>Sticky rubber.</p>",
        "<p>Not waterproof.</p>",
        "<td>268 g</td>",
        "129.00 EUR",
        "★★★★☆",
    ):
        assert expected in html
    assert "Marta K., 14 March 2026" in html
    assert 'data-product="RUN-001"' in html


@pytest.mark.parametrize(
    "path", ["/products/KIT-001", "/products/RUN-001", "/pages/returns", f"/?q={HOSTILE}"]
)
async def test_no_text_of_the_shop_or_the_address_becomes_html(client: Client, path: str) -> None:
    html = await page(client, path)
    assert "alert(" in html
    assert re.findall(r"<script\b[^>]*>", html) == re.findall(
        r'<script src="/(?:widget|track|front|shelves)\.js" [^>]*>', html
    )


@pytest.mark.parametrize("path", ["/", "/products/RUN-001", "/pages/returns", "/pages/faq"])
async def test_pages_need_no_inline_script_or_style(client: Client, path: str) -> None:
    html = await page(client, path)
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", html) == []


async def test_policies_are_rendered_with_a_link_target_for_each_heading(client: Client) -> None:
    html = await page(client, "/pages/returns")
    assert "<h1>Returns</h1>" in html
    assert '<h2 id="who-pays">Who pays?</h2>' in html


async def test_the_questions_page_gives_each_question_a_link_target(client: Client) -> None:
    assert '<dt id="faq-1">Open?</dt>' in await page(client, "/pages/faq")


@pytest.mark.parametrize(
    "path",
    [
        "/pages/unknown",
        "/pages/..%2Freturns",
        "/pages/returns.md",
        "/products/NO-1",
        "/products/NO-1/picture.svg",
    ],
)
async def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    async with client.get(path) as response:
        assert response.status == 404


async def test_a_picture_is_an_svg_of_the_product(client: Client) -> None:
    async with client.get("/products/RUN-001/picture.svg") as response:
        assert response.content_type == "image/svg+xml"
        assert "<title>Tarnwick Ridge Trail Shoe</title>" in await response.text()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("widget.js", "text/javascript"),
        ("track.js", "text/javascript"),
        ("shop.css", "text/css"),
        ("favicon.svg", "image/svg+xml"),
    ],
)
async def test_the_files_of_the_pages_are_served(client: Client, name: str, kind: str) -> None:
    async with client.get(f"/{name}") as response:
        assert (response.status, response.content_type) == (200, kind)


async def test_the_pages_have_shelves_that_a_script_fills(client: Client) -> None:
    home, product = await page(client, "/"), await page(client, "/products/RUN-001")
    shelf = (
        r'<section class="shelf live" [^>]*aria-labelledby="([\w-]+)" data-kind="(\w+)"( data-sku="[^"]+")?'
    )
    assert re.findall(shelf, home) == [("for-you", "for_you", "")]
    assert re.findall(shelf, product) == [
        ("goes-with", "goes_with", ' data-sku="RUN-001"'),
        ("similar", "similar", ' data-sku="RUN-001"'),
    ]
    assert re.findall(shelf, await page(client, "/?category=Running")) == []
    assert '<h2 id="for-you">Popular now</h2>' in home
    await sign_in(client, ANNA.id)
    home = await page(client, "/")
    assert '<h2 id="for-you">For you</h2>' in home
    assert len(set(re.findall(r'data-customer-token="([^"]+)"', home))) == 1


async def test_the_demo_suggests_questions_and_an_order_on_its_way(client: Client) -> None:
    html = await page(client, "/")
    asked = re.findall(r'data-storekeep-ask="([^"]+)"', html)
    assert len(asked) == 5
    assert asked[-1] == "Where is my order LK-100001?"
    assert "LK-100003, LK-100001" in html


async def test_signing_in_gives_the_chat_a_customer_token_until_signing_out(client: Client) -> None:
    assert "data-customer-token" not in await page(client, "/")
    assert await sign_in(client, "C00001", back="/products/RUN-001") == (303, "/products/RUN-001")
    found = re.search(r'data-customer-token="([^"]+)"', await page(client, "/"))
    assert found is not None
    claims = jwt.decode(found[1], KEY.get_secret_value(), algorithms=["HS256"], audience="storekeep")
    assert claims["sub"] == "C00001"
    assert await sign_in(client, "") == (303, "/")
    assert "data-customer-token" not in await page(client, "/")


async def test_the_sign_in_cookie_is_out_of_reach_for_scripts_and_other_sites(client: Client) -> None:
    headers = {"Origin": str(client.make_url("/")).rstrip("/")}
    async with client.post(
        "/demo/sign-in", data={"customer": "C00001"}, headers=headers, allow_redirects=False
    ) as sent:
        cookie = sent.cookies["storekeep_demo_customer"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
async def test_another_sites_form_signs_nobody_in(client: Client, origin: str) -> None:
    assert (await sign_in(client, "C00001", origin=origin))[0] == 403
    assert "data-customer-token" not in await page(client, "/")


@pytest.mark.parametrize(
    "back", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere", "/a\r\nb", ""]
)
async def test_signing_in_never_leads_to_another_site(client: Client, back: str) -> None:
    assert await sign_in(client, "C00001", back=back) == (303, "/")


async def test_a_forged_cookie_and_an_unknown_customer_are_guests(client: Client) -> None:
    forged = jwt.encode(
        {"aud": "storekeep", "sub": "C00001", "exp": 4_000_000_000}, "another key" * 4, "HS256"
    )
    assert "data-customer-token" not in await page(client, "/", cookies={"storekeep_demo_customer": forged})
    assert await sign_in(client, "C99999") == (303, "/")
    assert "data-customer-token" not in await page(client, "/")


async def test_without_the_demo_nobody_can_sign_in_here(
    shop: Shop, settings: Settings, aiohttp_client: MakeClient
) -> None:
    client = await aiohttp_client(application(shop, settings.model_copy(update={"demo": False})))
    html = await page(client, "/")
    assert "Signed in as" not in html
    assert "LK-100001" not in html
    assert (await sign_in(client, "C00001"))[0] in (404, 405)


async def test_the_page_carries_the_write_key_and_what_the_customer_decided(
    client: Client, shop: Shop, settings: Settings
) -> None:
    write_key = event_keys(settings).write
    guest = await page(client, "/products/RUN-001")
    assert f'<script src="/track.js" defer data-key="{write_key}" data-product="RUN-001"></script>' in guest
    await sign_in(client, ANNA.id)
    assert "data-consent" not in await page(client, "/")
    shop.consents.decide(ANNA.id, True, "test")
    assert 'data-consent="true"' in await page(client, "/")


async def test_a_page_says_what_was_searched_or_listed(client: Client) -> None:
    assert '<main id="content" data-query="&lt;b&gt;">' in await page(client, "/", params={"q": "<b>"})
    assert '<main id="content" data-category="Running">' in await page(client, "/?category=Running")
    assert '<main id="content">' in await page(client, "/")


async def test_without_a_write_key_nobody_is_asked_and_nothing_is_told(
    shop: Shop, settings: Settings, aiohttp_client: MakeClient
) -> None:
    client = await aiohttp_client(application(shop, settings.model_copy(update={"demo": False})))
    html = await page(client, "/")
    assert "track.js" not in html
    assert "consent" not in html
