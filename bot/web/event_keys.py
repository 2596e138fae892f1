"""Who sends events: a page with the public write key, or the shop's own server with the secret key?"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest, digest

from aiohttp import hdrs, web

from bot.settings import Settings, kept_token_secret
from bot.web.errors import RefusedRequest

SITE, SERVER = "site", "server"


@dataclass(frozen=True, slots=True)
class EventKeys:
    """`write` stands in the shop's pages for everyone to read; `server` is secret. None where not set."""

    write: str | None
    server: str | None

    def source_of(self, request: web.Request, in_body: object) -> str:
        """SITE or SERVER by the key that came: as Bearer token, as user name of Basic, or, for a browser's
        sendBeacon, which sends no headers, as writeKey in the body.

        Raises RefusedRequest 401.
        """
        if self.write is None and self.server is None:
            raise RefusedRequest(
                401, "no_event_keys", "This shop collects no events; STOREKEEP_EVENTS_WRITE_KEY is not set."
            )
        came = _key_in(request.headers.get(hdrs.AUTHORIZATION, ""))
        if came is not None and _is_same(came, self.server):
            return SERVER
        if came is None and isinstance(in_body, str):
            came = in_body
        if came is not None and _is_same(came, self.write):
            return SITE
        raise RefusedRequest(
            401, "bad_event_key", "Send the write key as: Authorization: Bearer <key>, or as writeKey."
        )


def event_keys(settings: Settings) -> EventKeys:
    """The keys of the settings; the demo's pages have a write key that follows from the session key."""
    write, server = settings.events_write_key, settings.events_server_key
    if write is not None:
        write_key: str | None = write.get_secret_value()
    elif settings.demo:
        session_key = kept_token_secret(settings).get_secret_value()
        write_key = digest(session_key.encode(), b"events of the demo shop", sha256).hex()[:32]
    else:
        write_key = None
    return EventKeys(write_key, None if server is None else server.get_secret_value())


def _key_in(authorization: str) -> str | None:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip() or None
    if scheme.lower() != "basic":
        return None
    try:
        name = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name.partition(":")[0] or None


def _is_same(came: str, key: str | None) -> bool:
    return key is not None and compare_digest(came.encode("utf-8", "replace"), key.encode())
