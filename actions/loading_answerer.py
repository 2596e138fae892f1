"""What does a question find while the models are still loading? An answerer that waits a little for them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import Literal

from actions.quoted_answer import AnswersQuestions
from knowledge_base.answers import Answer

logger = logging.getLogger(__name__)

SECONDS_WAITED = 6.0


class AnswererNotReady(Exception):
    """The models were not loaded in time, or could not be loaded at all."""


class LoadingAnswerer:
    """Loads in a thread from `start` on; a question before the end waits, at most `seconds_waited`."""

    def __init__(self, load: Callable[[], AnswersQuestions], seconds_waited: float = SECONDS_WAITED) -> None:
        self._load = load
        self._seconds_waited = seconds_waited
        self._loaded: Future[AnswersQuestions] = Future()

    def start(self) -> None:
        threading.Thread(target=self._run, name="load-answerer", daemon=True).start()

    def state(self) -> Literal["loading", "ready", "failed"]:
        if not self._loaded.done():
            return "loading"
        return "ready" if self._loaded.exception() is None else "failed"

    def answer(self, question: str, sku: str | None = None) -> Answer:
        """Raises AnswererNotReady."""
        try:
            answerer = self._loaded.result(timeout=self._seconds_waited)
        except NotYet:
            raise AnswererNotReady(f"The models were not loaded within {self._seconds_waited:g} s.") from None
        except Exception as error:
            raise AnswererNotReady(f"The models could not be loaded: {error}") from error
        return answerer.answer(question, sku)

    def _run(self) -> None:
        try:
            self._loaded.set_result(self._load())
        except Exception as error:
            logger.exception("The models for answers could not be loaded.")
            self._loaded.set_exception(error)
