"""When does the web process load the recommender? At the first question for it, and nothing else waits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from time import monotonic

from bot.recommendations.recommendation import Recommends
from bot.web.recommendation_api import RecommenderNotReady

WAIT_SECONDS = 3.0
RETRY_SECONDS = 60.0

logger = logging.getLogger(__name__)


class LazyRecommender:
    """Loads once, in a worker thread. A load that failed is tried again after `retry_seconds`."""

    def __init__(
        self,
        load: Callable[[], Recommends],
        workers: Executor,
        wait_seconds: float = WAIT_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._load = load
        self._workers = workers
        self._wait_seconds = wait_seconds
        self._retry_seconds = retry_seconds
        self._clock = clock
        self._loading: asyncio.Future[Recommends] | None = None
        self._failed_at: float | None = None

    async def ready(self) -> Recommends:
        """The recommender; raises RecommenderNotReady if it cannot be had within `wait_seconds`."""
        if self._failed_at is not None and self._clock() - self._failed_at < self._retry_seconds:
            raise RecommenderNotReady("The recommender could not be loaded; see the shop's log.")
        if self._loading is None:
            self._failed_at = None
            self._loading = asyncio.get_running_loop().run_in_executor(self._workers, self._open)
        loading = self._loading
        done, _ = await asyncio.wait({loading}, timeout=self._wait_seconds)
        if not done:
            raise RecommenderNotReady("The recommender is still loading. Ask again in a moment.")
        try:
            return loading.result()
        except Exception as error:
            if self._loading is loading:
                logger.error("The recommender could not be loaded.", exc_info=error)
                self._loading, self._failed_at = None, self._clock()
            raise RecommenderNotReady("The recommender could not be loaded; see the shop's log.") from error

    def _open(self) -> Recommends:
        """A recommender opens what it needs at its first call; that belongs to loading."""
        recommender = self._load()
        recommender.popular(1)
        return recommender
