"""Does every figure that a benchmark returns reach the page?"""

from __future__ import annotations

from benchmarks.report import page, table


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
