"""How do the figures about shoppers look on the page: events, profiles, segments, recommendations?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.promotion_report import promotion_speed, promotions, reading
from benchmarks.tables import table

Results = Mapping[str, Any]

EVENT_HEADER = (
    *("events a request", "acknowledged", "refused", "events/s"),
    *("p50 ms", "p95 ms", "p99 ms", "processor ms an event"),
)
PUBLISHED = (
    ("SASRec (published)", 0.0605, 0.0318),
    ("S3-Rec (published)", 0.0647, 0.0327),
    ("TIGER (published)", 0.0648, 0.0384),
    ("DuoRec (published)", 0.0845, 0.0443),
    ("SASRec with sampled softmax (published)", 0.0921, 0.0531),
)


def sections(results: Results) -> list[str]:
    """One section a benchmark that was run, in the order of the page."""
    known: tuple[tuple[str, Callable[[Any], str]], ...] = (
        ("beauty", beauty),
        ("recommendations", by_time),
        ("recommendation_speed", speed),
        ("events", events),
        ("profiles", profiles),
        ("segments", segments),
        ("promotions", promotions),
        ("promotion_pairs", reading),
        ("promotion_speed", promotion_speed),
    )
    return [make(results[name]) for name, make in known if name in results]


def beauty(result: Results) -> str:
    ours = [
        ("Storekeep, mean of the seeds", result["HR@10"], result["NDCG@10"], result["coverage"]),
        *((f"  seed {run['seed']}", run["HR@10"], run["NDCG@10"], run["coverage"]) for run in result["runs"]),
        *_parts(result["runs"][0]),
    ]
    beside = [
        (name.replace("_", "-"), one["HR@10"], one["NDCG@10"], one["coverage"])
        for name, one in result["beside"].items()
    ]
    published = [(name, hits, gain, None) for name, hits, gain in PUBLISHED]
    return (
        "## Recommendations on Amazon Beauty\n\n"
        "`storekeep evaluate recommendations Beauty.txt` (5-core, as in S3-Rec's repository: "
        f"{result['users']:,} users, {result['items']:,} items, {result['choices']:,} choices): "
        "leave-one-out, all items not seen are ranked. Every setting was chosen on the validation "
        "items, those "
        "of item-kNN and ALS too. Published figures are from the papers, on the same file and protocol. "
        f"Training takes {result['train_seconds'] / 60:.1f} minutes a seed ({result['hardware']}).\n\n"
        + table(("model", "HR@10", "NDCG@10", "coverage"), [*ours, *beside, *published], digits=4)
        + "\n\nThe transformer's share of the mixture was "
        + ", ".join(str(run["share"]) for run in result["runs"])
        + ". The co-behaviour alone is a tuned directed item-to-item count and needs seconds."
    )


def _parts(run: Results) -> list[tuple[str, float, float, float]]:
    return [
        (f"  its {name} alone (seed {run['seed']})", one["HR@10"], one["NDCG@10"], one["coverage"])
        for name, one in (("transformer", run["transformer"]), ("co-behaviour", run["co_behaviour"]))
    ]


def by_time(result: Results) -> str:
    texts = [
        "## Recommendations by time, with cold users and items\n\n"
        "`python -m benchmarks.recommendations [JOURNEY]`: the oldest four fifths of the choices are learnt "
        "from, each case asks for a user's first new item after that. A cold user has one item of history, "
        "seen after the training; nobody had chosen a cold item before. Diversity is the mean of 1 - "
        "cosine of "
        "the texts over the pairs of the first ten."
    ]
    for key, title in (("demo", "The sample shop"), ("completejourney", "The Complete Journey, a grocer")):
        if key in result:
            texts.append(_by_time(title, result[key]))
    return "\n\n".join(texts)


def _by_time(title: str, part: Results) -> str:
    rows = []
    for name, one in part["models"].items():
        groups = [one.get(group) for group in ("all", "cold users", "cold items")]
        cells = [cell for group in groups for cell in (_pair(group),)]
        rows.append((name, *cells, one["all"]["coverage"], one["diversity"]))
    sizes = part["models"]["storekeep"]
    counts = ", ".join(f"{sizes[group]['cases']} {group}" for group in sizes if group != "diversity")
    header = ("model", "all: HR@10 / NDCG@10", "cold users", "cold items", "coverage", "diversity")
    variety = [
        (row["likeness_cost"], row["HR@10"], row["NDCG@10"], row["diversity"]) for row in part["variety"]
    ]
    return (
        f"{title}: {part['items']:,} items, {part['choices']:,} choices learnt, cases: {counts}.\n\n"
        + table(header, rows, digits=3)
        + "\n\nWhat variety costs (the product uses 0.2):\n\n"
        + table(("cost of likeness", "HR@10", "NDCG@10", "diversity"), variety, digits=4)
    )


def _pair(group: Results | None) -> str | None:
    return None if group is None else f"{group['HR@10']:.3f} / {group['NDCG@10']:.3f}"


def speed(result: Results) -> str:
    rows = [
        (
            f"{one['items']:,}",
            one["p50"],
            one["p95"],
            one["narrow_p50"],
            one["implicit_p50"],
            one["first_ten_as_without_index"],
            one["index_seconds"],
        )
        for one in result["sizes"]
    ]
    header = (
        *("items", "p50 ms", "p95 ms", "p50 ms, narrow wish", "implicit p50 ms"),
        *("of ten as without index", "seconds to build the index"),
    )
    return (
        "## Speed of a recommendation\n\n"
        "`python -m benchmarks.recommendation_speed`: ten of an invented catalogue for a visit of ten "
        "products, "
        "transformer, co-behaviour, filters, variety and reasons included; beside it `implicit`'s ALS "
        "folding "
        f"in as long a history ({result['hardware']}).\n\n" + table(header, rows)
    )


def events(result: Results) -> str:
    rows = [
        (
            rate["calls_a_request"],
            rate["acknowledged"],
            rate["refused"],
            rate["events_a_second"],
            rate["p50"],
            rate["p95"],
            rate["p99"],
            rate["processor_ms_an_event"],
        )
        for rate in result["rates"]
    ]
    kill = result["kill"]
    return (
        "## Collecting events\n\n"
        "`python -m benchmarks.events`: a real web process on SQLite, the sender on the same two cores; the "
        "answer comes after the commit. For each size of request 1,000 events/s are sent, then as many as "
        f"are taken ({result['hardware']}).\n\n"
        + table(EVENT_HEADER, rows)
        + f"\n\nKilled (SIGKILL) while {kill['sent']:,} events were sent: of "
        f"{kill['acknowledged_before_the_kill']:,} acknowledged {kill['lost']} were lost; after all were "
        f"sent "
        f"again {kill['doubled']} were there twice."
    )


def profiles(result: Results) -> str:
    return "## Profiles\n\n`python -m benchmarks.profiles`.\n\n" + table(
        ("figure", "value"), [(name, value) for name, value in _flat("", result)]
    )


def _flat(prefix: str, value: Any) -> list[tuple[str, object]]:
    if isinstance(value, Mapping):
        return [row for key, inner in value.items() for row in _flat(f"{prefix} {key}".strip(), inner)]
    return [(prefix.replace("_", " "), value)]


def segments(result: Results) -> str:
    chosen = result["chosen"]
    rows = [(number + 1, one["size"], one["response_rate"]) for number, one in enumerate(chosen["segments"])]
    return (
        "## Segments on Customer Personality\n\n"
        "`python -m benchmarks.segments marketing_campaign.csv`: k-means over spending and channels of "
        f"{result['customers']:,} customers; who answered the campaign ({result['response_rate']:.1%}) "
        f"was not "
        f"used for fitting, nor age, family or income. {result['number_chosen']} segments were chosen; "
        f"adjusted Rand index over {result['seeds']} seeds "
        f"{result['adjusted_rand_index_over_seeds']:.3f}. Do they "
        f"separate who answered? Cramér's V {chosen['cramers_v']:.3f}, p {chosen['chi2_p']:.1e}, AUC of the "
        f"segments' rates on the other half {chosen['held_out_auc']:.3f} (a logistic regression that "
        f"learns from "
        f"the answers: {result['logistic_regression_auc']:.3f}).\n\n"
        + table(("segment", "customers", "answered"), rows)
    )
