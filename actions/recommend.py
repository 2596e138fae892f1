"""What would this shopper like? `action_recommend` shows a few products, each with its reason."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation_customer import AsksConsent, Talks, shopper_of
from actions.latest_turn import words_said
from actions.recommendation_cards import say_advice
from actions.recommendation_record import RecommendationRecord
from actions.wish_memory import surroundings_of, talk_of, talk_remembered
from bot.recommendations.adviser import Advice
from bot.recommendations.talk_moves import Surroundings
from bot.recommendations.talk_wishes import Talk

logger = logging.getLogger(__name__)


class Advises(Protocol):
    """What the action needs of `bot.recommendations.adviser.Adviser`."""

    def advise(self, message: str, talk: Talk, around: Surroundings) -> Advice: ...


class Recommend(Action):
    def __init__(
        self, adviser: Advises, talks: Talks, consents: AsksConsent, record: RecommendationRecord
    ) -> None:
        self._adviser = adviser
        self._talks = talks
        self._consents = consents
        self._record = record

    def name(self) -> str:
        return "action_recommend"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        before = talk_of(tracker)
        try:
            shopper = await shopper_of(self._talks, self._consents, tracker.sender_id)
            around = surroundings_of(tracker, shopper)
            advice = await asyncio.to_thread(self._adviser.advise, words_said(tracker), before, around)
        except Exception:
            # Whatever is wrong with the model, the shopper gets a sentence and the log the reason.
            logger.exception("No recommendation in conversation %s.", tracker.sender_id)
            dispatcher.utter_message(response="utter_recommend_unavailable")
            return []
        say_advice(dispatcher, advice)
        await self._record.keep(shopper, before, advice)
        return talk_remembered(advice.talk)
