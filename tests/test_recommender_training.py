"""Does the sequence model learn the toy world, the same way every time, also when it was interrupted?"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from toy_shoppers import ITEMS, even_and_odd

from bot.recommendations.baselines import popularity
from bot.recommendations.benchmark_runs import evaluate_file
from bot.recommendations.interactions import History, gather, leave_one_out
from bot.recommendations.model_fitting import FittedModel, fit_model, no_texts
from bot.recommendations.next_item_model import ModelUnreadable, NextItemModel, open_model
from bot.recommendations.ranking_evaluation import evaluate
from bot.recommendations.recommender_training import Progress, TrainingPlan, train_network
from bot.recommendations.sequence_network import NetworkShape, starting_vectors
from knowledge_base.checkpoint import TrainingMismatch

pytestmark = pytest.mark.full

SHAPE = NetworkShape(dimensions=16, layers=1, longest=10, dropout=0.0, input_dropout=0.0)
PLAN = TrainingPlan(shape=SHAPE, passes=6, places_at_once=32, negatives=ITEMS, learning_rate=5e-3)
SPLIT = leave_one_out(even_and_odd())


class Interrupted(Exception):
    """The power went."""


@pytest.fixture(scope="module")
def fitted() -> FittedModel:
    return fit_model(SPLIT.train, SPLIT.validation, no_texts(SPLIT.train), PLAN, lambda progress: None)


@pytest.fixture
def trained(fitted: FittedModel) -> NextItemModel:
    return fitted.model


def weights(plan: TrainingPlan = PLAN, checkpoint: Path | None = None) -> dict[str, np.ndarray]:
    network = train_network(SPLIT.train, no_texts(SPLIT.train), plan, checkpoint)
    return {name: value.detach().numpy() for name, value in network.module.named_parameters()}


def test_the_transformer_alone_finds_what_comes_next(trained: NextItemModel) -> None:
    assert evaluate(replace(trained, share=1.0), SPLIT.test, ITEMS).ndcg_10 > 0.9


def test_the_mixture_is_as_good_as_its_better_part(trained: NextItemModel) -> None:
    parts = [evaluate(replace(trained, share=share), SPLIT.validation, ITEMS).ndcg_10 for share in (0.0, 1.0)]
    assert evaluate(trained, SPLIT.validation, ITEMS).ndcg_10 >= max(parts)


def test_scores_are_probabilities_and_the_same_alone_and_together(trained: NextItemModel) -> None:
    histories = [SPLIT.test[0].history, SPLIT.test[1].history.before(2)]
    together = trained.scores(histories)
    assert together.sum(axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)
    assert together[1] == pytest.approx(trained.scores(histories[1:])[0], abs=1e-6)


def test_a_history_longer_than_the_model_reads_is_read_from_its_end(trained: NextItemModel) -> None:
    long = History("ann", np.arange(18, dtype=np.int32) % ITEMS, np.zeros(18, dtype=np.int32))
    assert trained.scores([long]).shape == (1, ITEMS)


def test_the_same_seed_gives_the_same_weights() -> None:
    first, second = weights(), weights()
    assert all((first[name] == second[name]).all() for name in first)


def test_an_interrupted_training_ends_where_the_uninterrupted_one_does(tmp_path: Path) -> None:
    def stop_late(progress: Progress) -> None:
        if progress.step > 0.6 * progress.steps:
            raise Interrupted

    with pytest.raises(Interrupted):
        train_network(SPLIT.train, no_texts(SPLIT.train), PLAN, tmp_path / "half", stop_late)
    steps: list[int] = []
    network = train_network(
        SPLIT.train, no_texts(SPLIT.train), PLAN, tmp_path / "half", lambda p: steps.append(p.step)
    )
    assert steps[0] > 1
    whole = weights()
    for name, value in network.module.named_parameters():
        assert np.array_equal(value.detach().numpy(), whole[name]), name
    assert not (tmp_path / "half").exists()


def test_another_plan_does_not_go_on_with_a_checkpoint(tmp_path: Path) -> None:
    def stop_late(progress: Progress) -> None:
        if progress.step > 0.6 * progress.steps:
            raise Interrupted

    with pytest.raises(Interrupted):
        train_network(SPLIT.train, no_texts(SPLIT.train), PLAN, tmp_path / "half", stop_late)
    with pytest.raises(TrainingMismatch, match="use another directory or delete it"):
        train_network(SPLIT.train, no_texts(SPLIT.train), replace(PLAN, seed=8), tmp_path / "half")


def test_a_model_comes_back_from_disk_as_it_was(fitted: FittedModel, tmp_path: Path) -> None:
    trained = fitted.model
    fitted.save(tmp_path)
    opened = open_model(tmp_path)
    for length in (1, 4):
        history = SPLIT.test[0].history.before(length)
        assert opened.scores([history])[0] == pytest.approx(trained.scores([history])[0], abs=1e-5)
    (tmp_path / "model.json").unlink()
    with pytest.raises(ModelUnreadable, match="holds no whole recommender"):
        open_model(tmp_path)


def weighed(fitted: FittedModel) -> FittedModel:
    return replace(fitted, model=replace(fitted.model, model_power=0.5))


def test_a_model_counts_what_it_learnt_from_and_keeps_that_on_disk(
    fitted: FittedModel, tmp_path: Path
) -> None:
    counts = popularity(SPLIT.train).counts
    weighed(fitted).save(tmp_path)
    opened = open_model(tmp_path)
    assert opened.demand is not None
    assert opened.demand.dtype == np.float32
    assert opened.demand.tolist() == counts.tolist()
    assert (opened.share, opened.model_power) == (fitted.model.share, 0.5)
    history = SPLIT.test[0].history
    right = weighed(fitted).model.scores([history])[0]
    assert opened.scores([history])[0] == pytest.approx(right, abs=1e-5)


def test_a_model_from_before_the_demand_was_kept_opens_without_it(
    fitted: FittedModel, tmp_path: Path
) -> None:
    weighed(fitted).save(tmp_path)
    (tmp_path / "demand.npy").unlink()
    facts = json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))
    del facts["model_power"]
    (tmp_path / "model.json").write_text(json.dumps(facts), encoding="utf-8")
    opened = open_model(tmp_path)
    assert (opened.demand, opened.model_power) == (None, 1.0)
    history = SPLIT.test[0].history
    right = replace(fitted.model, model_power=1.0).scores([history])[0]
    assert opened.scores([history])[0] == pytest.approx(right, abs=1e-5)


def test_a_demand_of_other_items_is_no_whole_model(fitted: FittedModel, tmp_path: Path) -> None:
    weighed(fitted).save(tmp_path)
    np.save(tmp_path / "demand.npy", np.ones(ITEMS - 1, dtype=np.float32))
    with pytest.raises(ModelUnreadable, match="a demand of 20 items is needed"):
        open_model(tmp_path)


def test_texts_explain_behaviour_where_they_can() -> None:
    behaviour = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], dtype=np.float32)
    texts = 100 * np.eye(3, dtype=np.float32)
    start = starting_vectors(behaviour, texts, seed=1)
    assert start.own == pytest.approx(np.zeros((3, 2)), abs=1e-2)
    assert texts @ start.text_map == pytest.approx(behaviour, abs=1e-2)


def test_histories_of_one_item_teach_nothing() -> None:
    with pytest.raises(ValueError, match="no history has two items"):
        train_network(gather([("ann", [])], ["a", "b"]), np.zeros((2, 0), np.float32), PLAN, None)


def test_a_file_is_measured_beside_the_usual_models() -> None:
    result = evaluate_file(even_and_odd(), PLAN, (7, 8), lambda progress: None, lambda line: None)
    contract = result.as_contract()
    assert set(result.beside) == {"popularity", "item_knn", "implicit_als"}
    assert {"HR@5", "HR@10", "NDCG@5", "NDCG@10", "coverage", "train_seconds"} <= set(contract)
    assert result.runs[0].figures.ndcg_10 > result.beside["popularity"].ndcg_10
