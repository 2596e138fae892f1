"""Which sites may carry widget and tracking, and what does every response tell the browser to forbid?"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from bot.web.errors import RefusedRequest

SHARED = ("/api/chat/", "/api/events", "/api/recommendations")
"""What the pages of allowed sites may call; everything else is for our own pages and for programs."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Origins:
    """The sites whose pages may talk with the shop: our own always, `allowed` ones like https://shop.example."""

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = frozenset(origin.lower() for origin in allowed)

    def may_talk(self, request: web.Request) -> bool:
        """True also without an Origin header: then it is no browser's page, with no one's rights to abuse."""
        origin = request.headers.get(hdrs.ORIGIN)
        return origin is None or self._is_allowed(origin) or is_own(origin, request.host)

    def _is_allowed(self, origin: str) -> bool:
        return origin.lower() in self._allowed

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse what is shared to pages of other sites, and answer allowed browsers' preflight requests."""
        if not request.path.startswith(SHARED):
            return await handler(request)
        if not self.may_talk(request):
            raise RefusedRequest(
                403,
                "origin_not_allowed",
                "This site may not talk with the shop. See STOREKEEP_WIDGET_ORIGINS.",
            )
        if request.method == hdrs.METH_OPTIONS:
            return web.Response(status=204, headers=_PREFLIGHT)
        return await handler(request)

    async def sign(self, request: web.Request, response: web.StreamResponse) -> None:
        """Put the security headers on every response, and the permission to read it on an allowed site's."""
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(SHARED):
            return
        response.headers[hdrs.CACHE_CONTROL] = "no-store"
        response.headers[hdrs.VARY] = hdrs.ORIGIN
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is not None and self._is_allowed(origin):
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
            response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = hdrs.RETRY_AFTER


_PREFLIGHT = {
    hdrs.ACCESS_CONTROL_ALLOW_METHODS: "GET, POST",
    hdrs.ACCESS_CONTROL_ALLOW_HEADERS: "Authorization, Content-Type",
    hdrs.ACCESS_CONTROL_MAX_AGE: "600",
}


def is_own(origin: str, host: str) -> bool:
    """Whether the origin is this host. The scheme is left out: behind a proxy only the proxy knows it."""
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()
