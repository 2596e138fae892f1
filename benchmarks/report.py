"""How do the figures get into docs/figures.md, so that nobody types one?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.shopper_report import sections
from benchmarks.tables import table

Results = Mapping[str, Any]


def page(results: Results) -> str:
    """The whole of docs/figures.md from what the benchmarks returned, by their names."""
    known: tuple[tuple[str, Callable[[], str]], ...] = (
        ("turns", lambda: _turns(results["turns"])),
        ("sample_answers", lambda: _answers(results["ask"], results["sample_answers"])),
        ("reader", lambda: _reader(results["reader"])),
        ("intents", lambda: _intents(results["intents"])),
        ("footprint", lambda: _footprint(results["footprint"])),
    )
    own = [make() for name, make in known if name in results]
    return "\n\n".join([_head(results), *own, *sections(results)]) + "\n"


def _head(results: Results) -> str:
    machines = [one["hardware"] for one in results.values() if isinstance(one, Mapping) and "hardware" in one]
    return (
        "# Figures\n\n"
        "Rendered from what the commands below returned (`make bench` runs them all, docs/figures.json keeps "
        "it); no number is typed by hand.\n"
        f"Hardware: {' or '.join(dict.fromkeys(machines))}. Such machines are shared: single times vary by a "
        "fifth and more. What is not here was last measured [a version earlier](figures-before-shoppers.md)."
    )


def _turns(turns: Results) -> str:
    bots = (("Storekeep, through its gateway", "storekeep"), ("rasa init", "rasa_init"))
    header = ("bot", "shoppers at once", "p50 ms", "p95 ms", "turns/s")
    rows = [
        (name, row["shoppers"], row["p50"], row["p95"], row["turns_per_second"])
        for name, key in bots
        for row in turns[key]
    ]
    return (
        "## Chat turns\n\n"
        "`python -m benchmarks.turns`: a greeting and a goodbye in turn, which need no model of ours.\n"
        "Ours is measured at the public HTTP, with tokens, database and Rasa behind it; the other at its\n"
        "own REST channel, in the same run, one after the other. With 20 shoppers at once ours takes\n"
        f"{turns['times_the_turns_per_second']:.1f} times the turns a second.\n\n" + table(header, rows)
    )


def _answers(ask: Results, by_threshold: Sequence[Results]) -> str:
    times = [
        ("one question, up to 4 passages", *_durations(ask["ask"])),
        ("BERT-large, 1 passage of 384 tokens", *_durations(ask["bert_large_one_passage"])),
    ]
    first = by_threshold[0]
    header = ("threshold", "answered right", "wrong", "F1", "unanswerable refused")
    keys = ("threshold", "answered_right", "wrong", "f1", "refused_unanswerable")
    return (
        "## Product questions\n\n"
        "`python -m benchmarks.ask`: the sample shop's questions through search and reader, models loaded;\n"
        "beside it a model of BERT-large's shape.\n\n"
        + table(("what", "p50 ms", "p95 ms", "runs"), times)
        + "\n\n`python -m benchmarks.sample_answers`: questions about pages of the sample shop which the\n"
        "reader was not trained on, each on its page, through the whole index, by threshold:\n"
        f"{first['questions']} answerable and {first['unanswerable']} unanswerable ones.\n\n"
        + table(header, [[row[key] for key in keys] for row in by_threshold])
    )


def _reader(reader: Results) -> str:
    return (
        "## Reader\n\n"
        "Written by `storekeep train reader` beside the weights: paragraphs of SQuAD that no stage was\n"
        "trained on, with unanswerable questions added. `always_answering` counts as SQuAD 1.1 does, over\n"
        "the answerable questions alone.\n\n" + table(("figure", "value"), list(reader.items()))
    )


def _intents(intents: Results) -> str:
    rows = [(name, value) for name, value in intents.items() if name != "confusions"]
    return (
        "## Understanding\n\n"
        "`storekeep evaluate intents tests/data/intents_holdout.csv`: utterances written without sight of\n"
        "the training data, none equal to one of its examples.\n\n" + table(("figure", "value"), rows)
    )


def _footprint(footprint: Results) -> str:
    rows = [
        ("seconds from start to first answer", footprint["seconds_to_first_answer"]),
        *((f"memory of {name}, MB", size) for name, size in footprint["memory_mb"].items()),
        *((f"size of {name}, MB", size) for name, size in footprint["install_mb"].items()),
    ]
    return (
        "## Footprint\n\n"
        "`python -m benchmarks.footprint`: everything prepared, all processes started; memory is each\n"
        "process's proportional share (PSS) after the first answer.\n\n" + table(("what", "value"), rows)
    )


def _durations(durations: Results) -> tuple[float, float, int]:
    return durations["p50"], durations["p95"], durations["count"]
