"""Does every figure that a benchmark returns reach the page?"""

from __future__ import annotations

from benchmarks.report import page
from benchmarks.tables import table


def test_a_table_rounds_small_numbers_to_three_digits_and_large_ones_to_one() -> None:
    assert table(("a", "b"), [(0.12345, 123.456), (7, None)]) == (
        "| a | b |\n|---|---|\n| 0.123 | 123.5 |\n| 7 | - |"
    )


def test_every_benchmark_has_its_place_on_the_page() -> None:
    durations = {"count": 9, "p50": 41.0, "p95": 66.0}
    turn = {"shoppers": 20, "p50": 99.0, "p95": 111.0, "turns_per_second": 77.0}
    row = {"threshold": 0.5, "answered_right": 0.7, "wrong": 0.1, "f1": 0.6, "refused_unanswerable": 0.9}

    written = page(
        {
            "reader": {"f1": 0.755},
            "ask": {"hardware": "a processor", "ask": durations, "bert_large_one_passage": durations},
            "sample_answers": [{**row, "questions": 144, "unanswerable": 48}],
            "intents": {"accuracy": 0.83, "confusions": []},
            "footprint": {
                "seconds_to_first_answer": 18.0,
                "memory_mb": {"rasa": 735.0},
                "install_mb": {"x": 1.0},
            },
            "turns": {"storekeep": [turn], "rasa_init": [turn], "times_the_turns_per_second": 3.25},
        }
    )

    assert "3.2 times the turns a second" in written
    assert "| Storekeep, through its gateway | 20 | 99.0 | 111.0 | 77.0 |" in written
    assert "| one question, up to 4 passages | 41.0 | 66.0 | 9 |" in written
    assert "| 0.500 | 0.700 | 0.100 | 0.600 | 0.900 |" in written
    assert "| f1 | 0.755 |" in written
    assert "| accuracy | 0.830 |" in written
    assert "| memory of rasa, MB | 735.0 |" in written


def test_figures_about_shoppers_have_their_places() -> None:
    one = {"HR@5": 0.05, "HR@10": 0.0931, "NDCG@5": 0.04, "NDCG@10": 0.0571, "coverage": 0.8}
    seed = {"seed": 7, **one, "share": 0.4, "train_seconds": 240.0, "transformer": one, "co_behaviour": one}
    group = {"cases": 90, **one}
    model = {"all": group, "cold users": group, "diversity": 0.7}
    part = {
        "items": 130,
        "choices": 5000,
        "models": {"storekeep": model},
        "variety": [{"likeness_cost": 0.2, "HR@10": 0.5, "NDCG@10": 0.3, "diversity": 0.7}],
    }
    size = {
        "items": 1000,
        "p50": 2.0,
        "p95": 3.0,
        "narrow_p50": 1.0,
        "implicit_p50": 4.0,
        "first_ten_as_without_index": None,
        "index_seconds": None,
    }
    rate = {"calls_a_request": 1, "acknowledged": 9, "refused": 0, "events_a_second": 1000.0}
    segment = {"segments": [{"size": 9, "response_rate": 0.25}], "cramers_v": 0.2, "chi2_p": 1e-9}
    machine = {"hardware": "a processor"}
    written = page(
        {
            "beauty": {
                **machine,
                **one,
                "train_seconds": 240.0,
                "runs": [seed],
                "beside": {"item_knn": one},
                "users": 22363,
                "items": 12101,
                "choices": 198502,
            },
            "recommendations": {**machine, "demo": part},
            "recommendation_speed": {**machine, "sizes": [size]},
            "events": {
                **machine,
                "rates": [{**rate, "p50": 1.0, "p95": 2.0, "p99": 3.0, "processor_ms_an_event": 0.4}],
                "kill": {"sent": 99, "acknowledged_before_the_kill": 50, "lost": 0, "doubled": 0},
            },
            "profiles": {"demo": {"update_ms": {"p50": 9.5}}},
            "segments": {
                **machine,
                "customers": 9,
                "response_rate": 0.15,
                "number_chosen": 4,
                "seeds": 10,
                "adjusted_rand_index_over_seeds": 0.9,
                "logistic_regression_auc": 0.8,
                "chosen": {**segment, "held_out_auc": 0.6},
            },
        }
    )
    assert "| item-knn | 0.0931 | 0.0571 | 0.8000 |" in written
    assert "| storekeep | 0.093 / 0.057 | 0.093 / 0.057 | - | 0.800 | 0.700 |" in written
    assert "| 1,000 | 2.000 | 3.000 | 1.000 | 4.000 | - | - |" in written
    assert "| 1 | 9 | 0 | 1,000.0 | 1.000 | 2.000 | 3.000 | 0.400 |" in written
    assert "of 50 acknowledged 0 were lost" in written
    assert "| demo update ms p50 | 9.500 |" in written
    assert "| 1 | 9 | 0.250 |" in written
