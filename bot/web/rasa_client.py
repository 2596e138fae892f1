"""What does Rasa say to a message, and if nothing, why?"""

from __future__ import annotations

import json
import re
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

LONGEST_REPLY_BYTES = 1024 * 1024
# Rasa's server closes an idle connection after 5 s; one that is about to close would lose a message.
IDLE_SECONDS = 2.0


class RasaFailure(Exception):
    """Rasa gave no usable reply. `outcome` is one of late, unreachable, refused, malformed, empty."""

    def __init__(self, outcome: str, cause: str) -> None:
        super().__init__(cause)
        self.outcome = outcome


class RasaClient:
    """Asks Rasa's REST channel on this machine; `timeout_seconds` is the longest wait for one reply."""

    def __init__(self, port: int, timeout_seconds: float) -> None:
        self._address = f"http://127.0.0.1:{port}"
        self._timeout = ClientTimeout(total=timeout_seconds)
        self._timeout_seconds = timeout_seconds
        self._http: ClientSession | None = None

    async def ask(self, conversation_id: str, text: str, product: str | None) -> list[dict[str, Any]]:
        """Rasa's messages in their order, at least one; raises RasaFailure, never anything else."""
        body = {
            "sender": conversation_id,
            "message": plain_words(text),
            "metadata": {"product": product},
        }
        try:
            async with self._session().post(
                f"{self._address}/webhooks/rest/webhook", json=body, timeout=self._timeout
            ) as response:
                if response.status != 200:
                    raise RasaFailure("refused", f"Rasa answered with status {response.status}")
                raw = await response.content.read(LONGEST_REPLY_BYTES + 1)
                while not response.content.at_eof() and len(raw) <= LONGEST_REPLY_BYTES:
                    raw += await response.content.read(LONGEST_REPLY_BYTES + 1 - len(raw))
        except TimeoutError:
            raise RasaFailure("late", f"Rasa did not answer within {self._timeout_seconds:g} s") from None
        except (ClientError, OSError) as error:
            raise RasaFailure("unreachable", f"Rasa cannot be reached: {type(error).__name__}") from error
        return _messages(raw)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    def _session(self) -> ClientSession:
        if self._http is None:
            self._http = ClientSession(connector=TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS))
        return self._http


def plain_words(text: str) -> str:
    """The text as something said, never as one of Rasa's commands.

    Rasa's RegexMessageHandler reads a message whose first character after blanks is "/" as an intent with
    entities, given outright (`/restart`, `/affirm{"order": "1"}`). Without leading slashes it is only words.
    """
    return re.sub(r"^[\s/]+", "", text) or "?"


def _messages(raw: bytes) -> list[dict[str, Any]]:
    if len(raw) > LONGEST_REPLY_BYTES:
        raise RasaFailure("malformed", f"Rasa's reply is longer than {LONGEST_REPLY_BYTES} bytes")
    try:
        messages = json.loads(raw)
    except (ValueError, RecursionError):
        raise RasaFailure("malformed", "Rasa's reply is not JSON") from None
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        raise RasaFailure("malformed", "Rasa's reply is not a list of messages")
    return messages
