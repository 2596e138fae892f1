"""What does a wish find while the recommender is still loading? One that waits a little for it."""

from __future__ import annotations

from typing import Protocol

from actions.loading_model import LoadingModel, State
from bot.recommendations.recommendation import Recommendations, Recommends, Wish
from bot.shoppers.shopper import Shopper

ANYTHING = Wish()


class LoadingRecommender(LoadingModel[Recommends]):
    """Recommends as soon as it is loaded. Every method raises ModelNotReady."""

    def recommend(self, shopper: Shopper | None, wish: Wish = ANYTHING, count: int = 5) -> Recommendations:
        return self.loaded().recommend(shopper, wish, count)

    def similar(self, sku: str, count: int = 5) -> Recommendations:
        return self.loaded().similar(sku, count)

    def goes_with(self, sku: str, count: int = 5) -> Recommendations:
        return self.loaded().goes_with(sku, count)

    def popular(self, count: int = 5) -> Recommendations:
        return self.loaded().popular(count)


class Loads(Protocol):
    def state(self) -> State: ...


class SkillsReadiness:
    """Ready once nothing loads any more. Without a recommender or a writer the shop still answers, so the
    failure of such `others` is not the whole server's."""

    def __init__(self, answerer: Loads, *others: Loads) -> None:
        self._answerer = answerer
        self._others = others

    def state(self) -> State:
        if any(model.state() == "loading" for model in (self._answerer, *self._others)):
            return "loading"
        return self._answerer.state()
