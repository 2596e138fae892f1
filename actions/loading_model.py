"""What does a message find while a model is still loading? Something that waits a little for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from concurrent.futures import TimeoutError as NotYet
from typing import Generic, Literal, TypeVar

logger = logging.getLogger(__name__)

SECONDS_WAITED = 6.0

Model = TypeVar("Model")
State = Literal["loading", "ready", "failed"]


class ModelNotReady(Exception):
    """A model was not loaded in time, or could not be loaded at all."""


class LoadingModel(Generic[Model]):
    """Loads in a thread from `start` on; who needs it before the end waits, at most `seconds_waited`."""

    def __init__(self, load: Callable[[], Model], seconds_waited: float = SECONDS_WAITED) -> None:
        self._load = load
        self._seconds_waited = seconds_waited
        self._loaded: Future[Model] = Future()

    def start(self) -> None:
        threading.Thread(target=self._run, name=f"load {type(self).__name__}", daemon=True).start()

    def state(self) -> State:
        if not self._loaded.done():
            return "loading"
        return "ready" if self._loaded.exception() is None else "failed"

    def loaded(self) -> Model:
        """Raises ModelNotReady."""
        try:
            return self._loaded.result(timeout=self._seconds_waited)
        except NotYet:
            raise ModelNotReady(f"The models were not loaded within {self._seconds_waited:g} s.") from None
        except Exception as error:
            raise ModelNotReady(f"The models could not be loaded: {error}") from error

    def wait_for_end(self) -> None:
        """Returns once loading has ended, well or not, however long that takes."""
        wait([self._loaded])

    def _run(self) -> None:
        try:
            self._loaded.set_result(self._load())
        except Exception as error:
            logger.exception("%s: the models could not be loaded.", type(self).__name__)
            self._loaded.set_exception(error)
