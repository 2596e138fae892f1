"""How does a template become a page, with every text escaped and the widget in its place?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.web.pages.policy_files import Policies
from bot.web.pages.sign_in import DemoSignIn
from knowledge_base.shop_documents import price_text

SHOP_NAME = "Larkfield Supply"


@dataclass(frozen=True)
class Page:
    """What one address shows. `product` is the SKU that the chat knows the page is about, None elsewhere."""

    template: str
    title: str
    values: dict[str, Any]
    product: str | None = None
    status: int = 200


class Pages:
    """Renders pages. `sign_in` is None outside of the demo; then there is no sign-in control. Without a
    `write_key` for events the pages do not ask for consent, and tell nothing.
    """

    def __init__(self, policies: Policies, sign_in: DemoSignIn | None, write_key: str | None = None) -> None:
        self._policies = policies
        self._sign_in = sign_in
        self._write_key = write_key
        self._templates = open_templates()

    async def respond(self, request: web.Request, page: Page) -> web.Response:
        guest_or_customer = None if self._sign_in is None else await self._sign_in.state(request)
        html = self._templates.get_template(page.template).render(
            page.values,
            shop_name=SHOP_NAME,
            title=page.title,
            product_sku=page.product,
            policies=self._policies.titles(),
            sign_in=guest_or_customer,
            write_key=self._write_key,
            path=request.rel_url.raw_path_qs,
        )
        return web.Response(
            text=html,
            content_type="text/html",
            status=page.status,
            headers={"Cache-Control": "no-cache, private"},
        )

    async def not_found(self, request: web.Request) -> web.Response:
        return await self.respond(request, Page("not_found.html", "Page not found", {}, status=404))


def open_templates() -> Environment:
    """The templates, in which every text is escaped."""
    templates = Environment(
        loader=PackageLoader("bot.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(price=price_text, day=day, stars=stars)
    return templates


def day(at: date) -> str:
    """``14 March 2026``."""
    return f"{at.day} {at:%B %Y}"


def stars(rating: float) -> str:
    """Five stars of which as many are filled as the rating (1 to 5), rounded half up, has."""
    filled = int(rating + 0.5)
    return "★" * filled + "☆" * (5 - filled)
