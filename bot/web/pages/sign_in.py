"""Who is signed in on the demo shop front?

The sign-in list stands for the shop's own log-in. Whoever is chosen is kept in a signed cookie that scripts
cannot read, and the page carries a customer token for the chat, as a real shop's site would.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from bot.customers import Customer, Customers
from bot.orders import Order, Orders
from bot.web.errors import RefusedRequest
from bot.web.tokens import CustomerTokens

COOKIE = "storekeep_demo_customer"
SIGNED_IN = timedelta(hours=12)
LIST_LENGTH = 4


@dataclass(frozen=True)
class SignInState:
    """The list to choose from, and who is chosen; `token` is for the chat. Both None for a guest."""

    customers: tuple[Customer, ...]
    customer: Customer | None
    token: str | None


class DemoSignIn:
    """The first few customers of the database can be chosen, nobody else."""

    def __init__(self, customers: Customers, orders: Orders, tokens: CustomerTokens) -> None:
        self._customers = customers
        self._orders = orders
        self._tokens = tokens

    async def state(self, request: web.Request) -> SignInState:
        listed = await self._listed()
        customer = next((one for one in listed if one.id == self._chosen(request)), None)
        token = None if customer is None else self._tokens.sign(customer.id, SIGNED_IN)
        return SignInState(listed, customer, token)

    async def orders(self, state: SignInState) -> tuple[Customer, tuple[Order, ...]] | None:
        """The chosen customer, else the first of the list, with their orders, newest first.

        None if there are no customers.
        """
        if not state.customers:
            return None
        customer = state.customers[0] if state.customer is None else state.customer
        return customer, await asyncio.to_thread(self._orders.of_customer, customer.id)

    async def post(self, request: web.Request) -> web.Response:
        """Choose a customer, or the guest by an empty field, and go back to the page."""
        if not _is_own_page(request):
            raise web.HTTPForbidden(text="The sign-in list works on the shop's own pages only.")
        form = await request.post()
        chosen = form.get("customer")
        response = web.Response(status=303, headers={hdrs.LOCATION: _own_path(form.get("back"))})
        if chosen in [customer.id for customer in await self._listed()]:
            value = self._tokens.sign(str(chosen), SIGNED_IN)
            age = int(SIGNED_IN.total_seconds())
            response.set_cookie(
                COOKIE, value, max_age=age, httponly=True, samesite="Lax", secure=request.secure
            )
        else:
            response.del_cookie(COOKIE, httponly=True, samesite="Lax")
        return response

    async def _listed(self) -> tuple[Customer, ...]:
        return await asyncio.to_thread(self._customers.customers, LIST_LENGTH)

    def _chosen(self, request: web.Request) -> str | None:
        cookie = request.cookies.get(COOKIE)
        if cookie is None:
            return None
        try:
            return self._tokens.read(cookie)
        except RefusedRequest:
            return None


def _is_own_page(request: web.Request) -> bool:
    """Whether the browser says that the form stood on a page of ours; a form always comes with an Origin."""
    return urlsplit(request.headers.get(hdrs.ORIGIN, "")).netloc == request.host


def _own_path(value: object) -> str:
    """A path on this site to go back to; the home page for what a browser may take for another site."""
    if isinstance(value, str) and re.fullmatch(r"/(?![/\\])[!-~]*", value):
        return value
    return "/"
