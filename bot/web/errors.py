"""How does a request that cannot be served become a status and a sentence?"""

from __future__ import annotations

import logging
import math
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

logger = logging.getLogger(__name__)

HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class RefusedRequest(Exception):
    """A request that is not served: `status` is the HTTP status, `code` is for programs, `detail` a sentence.

    `retry_after` is in seconds, and None where trying again does not help.
    """

    def __init__(self, status: int, code: str, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.retry_after = retry_after


def error_body(code: str, detail: str) -> dict[str, Any]:
    return {"error": {"code": code, "detail": detail}}


def error_response(refusal: RefusedRequest) -> web.Response:
    headers = {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(refusal.retry_after)))
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return web.json_response(error_body(refusal.code, refusal.detail), status=refusal.status, headers=headers)


def speaks_json(request: web.Request) -> bool:
    return request.path.startswith(("/api/", "/agent/api/")) or request.path in ("/health", "/metrics")


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error of the programs' endpoints into the agreed body; pages keep their own."""
    try:
        return await handler(request)
    except RefusedRequest as refusal:
        return error_response(refusal)
    except web.HTTPException as error:
        if error.status < 400 or not speaks_json(request):
            raise
        return _http_error(error)
    except Exception:
        logger.exception("unexpected error method=%s route=%s", request.method, _route(request))
        return web.json_response(
            error_body("internal", "Something went wrong on our side. Please try again."), status=500
        )


def _http_error(error: web.HTTPException) -> web.Response:
    code = HTTP_CODES.get(error.status, "refused")
    headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
    return web.json_response(error_body(code, f"{error.reason}."), status=error.status, headers=headers)


def _route(request: web.Request) -> str:
    """The route's pattern, never the address that came: an address may carry what a shopper wrote."""
    resource = request.match_info.route.resource
    return "none" if resource is None else resource.canonical
