"""Which browser tabs look at a conversation, and how does each get what happens in it?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot.web.errors import RefusedRequest

MOST_TABS = 10
MOST_WAITING_FRAMES = 200

Frame = Mapping[str, Any]


class Tab:
    """The frames that wait to be sent to one open socket. `stuck` is set for a tab that reads none."""

    def __init__(self) -> None:
        self.outbox: asyncio.Queue[str] = asyncio.Queue()
        self.stuck = asyncio.Event()

    def send(self, frame: Frame) -> None:
        self.push(json.dumps(frame))

    def push(self, text: str) -> None:
        if self.outbox.qsize() >= MOST_WAITING_FRAMES:
            self.stuck.set()
        else:
            self.outbox.put_nowait(text)


class Audience:
    """The open tabs of each conversation."""

    def __init__(self) -> None:
        self._tabs: dict[str, list[Tab]] = {}

    def join(self, conversation_id: str, tab: Tab) -> None:
        """Raises RefusedRequest 429 if the conversation is open in ten tabs already."""
        tabs = self._tabs.setdefault(conversation_id, [])
        if len(tabs) >= MOST_TABS:
            raise RefusedRequest(
                429, "too_many_tabs", f"A conversation may be open in {MOST_TABS} tabs. Close one."
            )
        tabs.append(tab)

    def leave(self, conversation_id: str, tab: Tab) -> None:
        tabs = self._tabs[conversation_id]
        tabs.remove(tab)
        if not tabs:
            del self._tabs[conversation_id]

    def publish(self, conversation_id: str, frame: Frame) -> None:
        """Send a frame to every tab of the conversation."""
        if tabs := self._tabs.get(conversation_id):
            text = json.dumps(frame)
            for tab in tabs:
                tab.push(text)

    async def flush(self, seconds: float) -> None:
        """Wait until all frames are sent, for that long at most."""
        outboxes = [tab.outbox for tabs in self._tabs.values() for tab in tabs]
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.gather(*(outbox.join() for outbox in outboxes))
