"""Does a wish wait for the recommender, and does the server say when it is ready?"""

from __future__ import annotations

import pytest
from recommendation_fakes import FakeRecommender

from actions.loading_model import ModelNotReady, State
from actions.loading_recommender import LoadingRecommender, SkillsReadiness
from knowledge_base.products import Product

LAMP = Product("OFF-001", "Lamp", "Stavell", "Office", 4950, "EUR", 3, {}, ("lamp",), "")
DESK = Product("OFF-002", "Desk", "Stavell", "Office", 4950, "EUR", 3, {}, ("desk",), "")
MUG = Product("COF-001", "Mug", "Morrow", "Coffee", 4950, "EUR", 3, {}, ("mug",), "")


class Loading:
    def __init__(self, state: State) -> None:
        self._state = state

    def state(self) -> State:
        return self._state


def test_every_question_goes_to_the_recommender_once_it_is_loaded() -> None:
    recommender = LoadingRecommender(lambda: FakeRecommender((LAMP, DESK, MUG)), seconds_waited=5)
    recommender.start()
    found = [
        recommender.recommend(None, count=1),
        recommender.similar("OFF-001", 1),
        recommender.goes_with("OFF-001", 1),
        recommender.popular(1),
    ]
    assert [one.items[0].sku for one in found] == ["OFF-001", "OFF-002", "COF-001", "COF-001"]


def test_a_wish_does_not_wait_for_ever() -> None:
    with pytest.raises(ModelNotReady, match=r"within 0\.01 s"):
        LoadingRecommender(lambda: FakeRecommender(()), seconds_waited=0.01).popular()


@pytest.mark.parametrize(
    ("answerer", "recommender", "both"),
    [
        ("ready", "ready", "ready"),
        ("ready", "loading", "loading"),
        ("loading", "ready", "loading"),
        ("ready", "failed", "ready"),
        ("failed", "ready", "failed"),
    ],
)
def test_the_server_is_ready_once_nothing_loads_even_without_a_recommender(
    answerer: State, recommender: State, both: State
) -> None:
    assert SkillsReadiness(Loading(answerer), Loading(recommender)).state() == both
