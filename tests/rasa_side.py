"""What do our components do inside Rasa? Run there by test_rasa_components.py; prints one JSON object."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.nlu.training_data.message import Message

from bot.rasa.button_openings import ButtonOpenings
from bot.rasa.sentence_features import SentenceFeatures
from bot.rasa.tracker_store import RecentTrackerStore

DOMAIN = Domain.from_dict(
    {"intents": ["greet"], "slots": {"product_sku": {"type": "text", "mappings": [{"type": "custom"}]}}}
)


async def talks(folder: Path) -> dict[str, Any]:
    def open_store() -> RecentTrackerStore:
        return RecentTrackerStore(DOMAIN, host=str(folder / "talks.db"), events_per_talk=6, talks_in_memory=2)

    store = open_store()
    tracker = await store.get_or_create_tracker("a", append_action_listen=False)
    for n in range(5):
        tracker.update(UserUttered(f"message {n}", {"name": "greet"}))
        tracker.update(SlotSet("product_sku", f"SKU-{n}"))
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)
    cut_off = await store.get_or_create_tracker("b", append_action_listen=False)
    cut_off.update(UserUttered("hello", {"name": "greet"}))
    cut_off.update(ActionExecuted("utter_greet"))
    await store.save(cut_off)
    for other in ("c", "d", "e"):
        fresh = await store.get_or_create_tracker(other, append_action_listen=False)
        fresh.update(ActionExecuted("action_listen"))
        await store.save(fresh)
    kept = await open_store().retrieve("a")
    again = await open_store().retrieve("b")
    assert kept is not None
    assert again is not None
    return {
        "texts": [event.text for event in kept.events if isinstance(event, UserUttered)],
        "slot": kept.get_slot("product_sku"),
        "in_memory": sorted(store._trackers),
        "after_cut_off": again.latest_action_name,
        "unknown": await store.retrieve("nobody"),
        "keys": sorted(await store.keys()),
        "mode": oct((folder / "talks.db").stat().st_mode & 0o777),
    }


def openings() -> list[Any]:
    component = ButtonOpenings({"openings": {"recommend": ["not for me: "]}})
    messages = [
        Message({"text": text, "intent": {"name": "deny"}}) for text in ("Not for me: Desk", "not for me")
    ]
    return [[m.get("intent"), m.get("intent_ranking")] for m in component.process([*messages, Message({})])]


def features() -> dict[str, Any]:
    component = SentenceFeatures({**SentenceFeatures.get_default_config(), "scale": 10.0}, "features")
    messages = component.process([Message({"text": text}) for text in ("where is my order?", "")])
    shapes, lengths = [], []
    for message in messages:
        _, sentence = message.get_dense_features("text")
        assert sentence is not None
        shapes.append(list(sentence.features.shape))
        lengths.append(round(float((sentence.features**2).sum() ** 0.5), 3))
    return {"shapes": shapes, "lengths": lengths}


def replies() -> dict[str, bool]:
    action = RemoteAction("action_x", None)

    def is_accepted(reply: dict[str, Any]) -> bool:
        try:
            return bool(action._validate_action_result(reply))
        except Exception:
            return False

    slot_set = {"event": "slot", "name": "a", "value": 1}
    return {
        "good": is_accepted({"events": [slot_set], "responses": [{"text": "hi"}]}),
        "no_list": is_accepted({"events": {}, "responses": []}),
        "no_name": is_accepted({"events": [{"event": "slot"}], "responses": []}),
    }


if __name__ == "__main__":
    seen = {
        "talks": asyncio.run(talks(Path(sys.argv[1]))),
        "features": features(),
        "openings": openings(),
        "replies": replies(),
    }
    print(json.dumps(seen))
