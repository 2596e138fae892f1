"""Which address does a request come from?"""

from __future__ import annotations

from ipaddress import ip_address

from aiohttp import web


def client_address(request: web.Request) -> str:
    """The shopper's address; behind a reverse proxy on this machine, the last one that the proxy noted."""
    peer = request.remote or ""
    noted = request.headers.getall("X-Forwarded-For", [])
    if noted and is_loopback(peer):
        return noted[-1].rpartition(",")[2].strip()
    return peer


def is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
