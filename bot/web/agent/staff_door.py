"""Who of the shop's people sends this request, and from a page of ours? Their sign-in, their sign-out."""

from __future__ import annotations

import asyncio

from aiohttp import hdrs, web

from bot.staff.sign_in_links import SignInLinks, UnusableLink
from bot.staff.staff_sessions import STAFF_SESSION, StaffSessions
from bot.web.addresses import client_address
from bot.web.bodies import read_fields
from bot.web.errors import RefusedRequest
from bot.web.origins import is_own
from bot.web.rate_limit import RateLimit

COOKIE = "storekeep_staff"
COOKIE_PATH = "/agent"


class StaffDoor:
    """`public_url` is the address under which the pages are reached, beside the host that a request names."""

    def __init__(
        self, links: SignInLinks, sessions: StaffSessions, limit: RateLimit, public_url: str
    ) -> None:
        self._links = links
        self._sessions = sessions
        self._limit = limit
        self._public_url = public_url

    def name_of(self, request: web.Request) -> str | None:
        """Who is signed in at this browser; None if nobody is."""
        cookie = request.cookies.get(COOKIE)
        return None if cookie is None else self._sessions.name_of(cookie)

    def person(self, request: web.Request) -> str:
        """Who sends a request that changes something; raises RefusedRequest 401, or 403 if the request does
        not come from a page of ours."""
        name = self.name_of(request)
        if name is None:
            raise RefusedRequest(401, "not_signed_in", "Sign in by a link of storekeep agent-link.")
        self.check_origin(request)
        return name

    def check_origin(self, request: web.Request) -> None:
        """Raises RefusedRequest 403 for what a page of another site sends, or what does not say."""
        origin = request.headers.get(hdrs.ORIGIN, "")
        if not is_own(origin, request.host) and origin.lower() != self._public_url.lower():
            raise RefusedRequest(
                403,
                "origin_not_allowed",
                f"This works on the shop's own pages only: Origin must be {self._public_url}; "
                f"{origin[:80]!a} came.",
            )

    async def sign_in(self, request: web.Request) -> web.Response:
        """POST {"token": ...} of a link; gives the browser its cookie."""
        self._limit.take(client_address(request))
        self.check_origin(request)
        token = (await read_fields(request, ("token",))).get("token")
        if not isinstance(token, str):
            raise RefusedRequest(422, "bad_token", "token must be text: what the link has behind its #.")
        try:
            name = await asyncio.to_thread(self._links.use, token)
        except UnusableLink as problem:
            raise RefusedRequest(401, "unusable_link", str(problem)) from None
        response = web.json_response({"name": name})
        response.set_cookie(
            COOKIE,
            self._sessions.issue(name),
            max_age=int(STAFF_SESSION.total_seconds()),
            path=COOKIE_PATH,
            httponly=True,
            samesite="Strict",
            secure=request.secure or self._public_url.lower().startswith("https:"),
        )
        return response

    async def sign_out(self, request: web.Request) -> web.Response:
        """POST; the browser forgets its cookie."""
        self.check_origin(request)
        response = web.Response(status=204)
        response.del_cookie(COOKIE, path=COOKIE_PATH, httponly=True, samesite="Strict")
        return response
