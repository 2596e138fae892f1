"""How does Rasa reach the actions? A webhook that tells the log everything and the caller nothing."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Iterable
from typing import Any, Protocol

from aiohttp import web
from pydantic import SecretStr
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

logger = logging.getLogger(__name__)

LARGEST_CALL_BYTES = 2 * 1024 * 1024
FAILED = {
    "events": [{"event": "followup", "name": "action_listen"}],
    "responses": [{"response": "utter_action_failed"}],
}
"""What an action that broke says: a sentence for the shopper, after which Rasa just listens."""


class Readiness(Protocol):
    """Says whether the models are `loading`, `ready` or `failed`."""

    def state(self) -> str: ...


class MalformedCall(Exception):
    """A request that no Rasa server sends."""


class ActionServer:
    """`action_seconds`, above 0, is the longest that an action may take before it counts as failed."""

    def __init__(
        self, actions: Iterable[Action], readiness: Readiness, secret: SecretStr | None, action_seconds: float
    ) -> None:
        self._executor = ActionExecutor()
        for action in actions:
            self._executor.register_action(action)
        self._readiness = readiness
        self._secret = secret
        self._action_seconds = action_seconds

    def application(self) -> web.Application:
        application = web.Application(client_max_size=LARGEST_CALL_BYTES)
        application.router.add_post("/webhook", self.webhook)
        application.router.add_get("/health", self.health)
        return application

    async def health(self, request: web.Request) -> web.Response:
        state = self._readiness.state()
        return web.json_response({"status": state}, status=200 if state == "ready" else 503)

    async def webhook(self, request: web.Request) -> web.Response:
        if not self._is_allowed(request):
            return _refusal(401, "the secret is missing or wrong", "")
        try:
            call = _checked_call(await request.read())
        except MalformedCall as error:
            logger.warning("A call was refused: %s", error)
            return _refusal(422, str(error), "")
        name = call["next_action"]
        if name not in self._executor.actions:
            logger.error("Rasa called the action %r, which is not registered.", name)
            return _refusal(404, "there is no such action", name)
        return web.json_response(await self._run(call))

    async def _run(self, call: dict[str, Any]) -> dict[str, Any]:
        """No action of ours looks at the domain; without one the executor would ask Rasa to send it."""
        name, sender = call["next_action"], call["tracker"]["sender_id"]
        try:
            async with asyncio.timeout(self._action_seconds):
                result = await self._executor.run({**call, "domain": {}})
        except TimeoutError:
            logger.error("%s took over %g s in conversation %s.", name, self._action_seconds, sender)
            return FAILED
        except Exception:
            logger.exception("%s failed in conversation %s.", name, sender)
            return FAILED
        return FAILED if result is None else result.model_dump()

    def _is_allowed(self, request: web.Request) -> bool:
        """Rasa sends the `token` of endpoints.yml in the query."""
        if self._secret is None:
            return True
        given = request.query.get("token", "")
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._secret.get_secret_value().encode())


def _checked_call(body: bytes) -> dict[str, Any]:
    try:
        call: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedCall("the body is a JSON object") from None
    if not isinstance(call, dict):
        raise MalformedCall("the body is a JSON object")
    tracker = call.get("tracker")
    if not isinstance(tracker, dict) or not isinstance(call.get("next_action"), str):
        raise MalformedCall("the body has next_action, a text, and tracker, an object")
    if not isinstance(tracker.get("sender_id"), str):
        raise MalformedCall("the tracker has a sender_id, a text")
    if not isinstance(tracker.get("slots", {}), dict) or not isinstance(tracker.get("events", []), list):
        raise MalformedCall("the tracker has slots, an object, and events, a list")
    return call


def _refusal(status: int, error: str, action_name: str) -> web.Response:
    return web.json_response({"error": error, "action_name": action_name}, status=status)
