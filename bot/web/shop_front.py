"""Where do the sample shop's pages, its pictures and the widget lie in the web process?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from bot.assembly import Shop
from bot.settings import Settings
from bot.web.event_keys import event_keys
from bot.web.pages.policy_files import Policies
from bot.web.pages.policy_pages import PolicyPages
from bot.web.pages.product_pages import ProductPages
from bot.web.pages.rendering import Pages
from bot.web.pages.sign_in import DemoSignIn
from bot.web.tokens import CustomerTokens, customer_key
from knowledge_base.shop_pages import read_faq

STATIC = Path(__file__).parent / "static"
STATIC_FILES = {
    "widget.js": "text/javascript",
    "track.js": "text/javascript",
    "front.js": "text/javascript",
    "shelves.js": "text/javascript",
    "agent.js": "text/javascript",
    "shop.css": "text/css",
    "agent.css": "text/css",
    "favicon.svg": "image/svg+xml",
}


def add_routes(app: web.Application, shop: Shop, settings: Settings) -> None:
    """Add the shop front and the widget, and for the demo the sign-in list. Reads policies and FAQ once."""
    policies = Policies(settings.knowledge_dir)
    sign_in = demo_sign_in(shop, settings)
    pages = Pages(policies, sign_in, event_keys(settings).write)
    products = ProductPages(shop.catalogue, pages, sign_in)
    texts = PolicyPages(policies, read_faq(settings.knowledge_dir), pages)

    app.router.add_get("/", products.home)
    app.router.add_get("/products/{sku}", products.product)
    app.router.add_get("/products/{sku}/picture.svg", products.picture)
    app.router.add_get("/pages/faq", texts.faq)
    app.router.add_get("/pages/{policy}", texts.policy)
    if sign_in is not None:
        app.router.add_post("/demo/sign-in", sign_in.post)
    for name, content_type in STATIC_FILES.items():
        app.router.add_get(f"/{name}", static_file(name, content_type))


def demo_sign_in(shop: Shop, settings: Settings) -> DemoSignIn | None:
    """The sign-in list; None outside of the demo."""
    key = customer_key(settings)
    if not settings.demo or key is None:
        return None
    return DemoSignIn(shop.customers, shop.orders, CustomerTokens(key, lambda: datetime.now(UTC)))


def static_file(name: str, content_type: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Serves one file of ours; browsers ask each time whether it has changed."""

    headers = {"Cache-Control": "no-cache", "Content-Type": f"{content_type}; charset=utf-8"}

    async def get(_request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / name, headers=headers)

    return get
