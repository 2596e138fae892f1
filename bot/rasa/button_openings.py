"""What does a button mean that names a product? Its opening words say it, whatever the product is called.

A shop's product names may read like anything: "Not for me: Quiet Row Keyboard" is no question.
"""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ButtonOpenings(GraphComponent, IntentClassifier):
    """Sets the intent of messages that begin with one of its `openings` (small letters), and of no others.

    `openings` maps an intent to its list.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"openings": {}}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ButtonOpenings":
        return cls(config)

    def __init__(self, config: Dict[str, Any]) -> None:
        self._intents = {
            opening: intent for intent, openings in config["openings"].items() for opening in openings
        }

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = (message.get(TEXT) or "").lower()
            for opening, intent in self._intents.items():
                if text.startswith(opening):
                    found = {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: 1.0}
                    message.set(INTENT, found, add_to_output=True)
                    message.set(INTENT_RANKING_KEY, [found], add_to_output=True)
        return messages
