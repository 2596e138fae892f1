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
    ("answerer", "recommender", "writer", "all_three"),
    [
        ("ready", "ready", "ready", "ready"),
        ("ready", "loading", "ready", "loading"),
        ("loading", "ready", "ready", "loading"),
        ("ready", "ready", "loading", "loading"),
        ("ready", "failed", "failed", "ready"),
        ("failed", "ready", "ready", "failed"),
    ],
)
def test_the_server_is_ready_once_nothing_loads_even_without_a_recommender_or_a_writer(
    answerer: State, recommender: State, writer: State, all_three: State
) -> None:
    models = (Loading(answerer), Loading(recommender), Loading(writer))
    assert SkillsReadiness(*models).state() == all_three


@pytest.mark.parametrize("is_broken", [False, True])
def test_what_must_load_later_waits_for_the_end_of_loading_well_or_not(is_broken: bool) -> None:
    order: list[str] = []

    def load() -> FakeRecommender:
        order.append("loaded")
        if is_broken:
            raise OSError("no such file")
        return FakeRecommender(())

    recommender = LoadingRecommender(load)
    recommender.start()
    recommender.wait_for_end()
    assert order == ["loaded"]
    assert recommender.state() == ("failed" if is_broken else "ready")
