"""How do the figures about promotions look on the page?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.tables import table

Results = Mapping[str, Any]

SHARES = ("faithful", "from_model", "first_passed", "accepted", "distinct_2")


def promotions(result: Results) -> str:
    """Truth and variety over catalogues and channels, what writing without a check gives, the worst."""
    catalogues = [name for name in ("sample shop", "AWS retail demo store", "all") if name in result]
    header = ("catalogue", "messages", *SHARES, "most alike in 100", "banned words", "without a message")
    rows = [
        (
            name,
            result[name]["messages"],
            *(result[name][share] for share in SHARES),
            *(result[name][count] for count in ("alike", "banned", "unanswered")),
        )
        for name in catalogues
    ]
    free = result["free"]
    worst = "\n".join(
        f"{number}. {one['channel']}: {_one_line(one)}" for number, one in enumerate(result["worst"], 1)
    )
    refused = [(reason, count) for reason, count in result["refused_for"].items()]
    return (
        "## Promotions\n\n"
        "`python -m benchmarks.promotions FILE`: one message a product and channel (chat, e-mail, SMS, "
        "push), with invented offers of every kind; whether a message is true says a second reader that "
        "shares no code with the check. `first_passed`: the first text passed the check; `accepted`: of "
        "all texts.\n\n"
        + table(header, rows, digits=4)
        + f"\n\nThe same weights with the plain `generate` call, plan given, nothing narrowed or checked: of "
        f"{free['messages']} messages {100 * free['false']:.1f} % are false or unusable "
        f"({100 * free['without_a_fact']:.1f} % name a fact that there is not).\n\n"
        "What the check refused texts for:\n\n"
        + table(("reason", "texts"), refused)
        + "\n\nThe ten texts that the writer itself found least likely, as they are:\n\n"
        + worst
    )


def promotion_speed(result: Results) -> str:
    """Times of three candidates by channel, and the writer alone in three number formats."""
    times = [(name, one["p50"], one["p95"], one["count"]) for name, one in result["three_candidates"].items()]
    gpt2 = result["gpt2_124m_three_times_90"]
    return (
        "## Speed of promotions\n\n"
        "`python -m benchmarks.promotion_speed`: three candidates with plan, check and ranking "
        f"({result['hardware']}).\n\n"
        + table(("channel", "p50 ms", "p95 ms", "requests"), times)
        + "\n\n"
        + table(("number format", "pieces a second"), list(result["pieces_per_second"].items()))
        + f"\n\nThe writer takes {result['writer_mb']:.0f} MB of memory, {result['peak_mb']:.0f} MB at "
        f"most. A model of GPT-2's size (124 M) needs {gpt2['p50']:.0f} ms for three times ninety tokens."
    )


def reading(result: Results) -> str:
    """Who won when pairs were read without their origin."""
    rows = [
        (name, one["pairs"], one["wins"], one["losses"], one["ties"])
        for name, one in result.items()
        if isinstance(one, Mapping)
    ]
    return (
        "## Promotions read blind\n\n"
        "`python -m benchmarks.promotion_pairs`: pairs about the same product and offer, shuffled, without a "
        f"word of their origin; judged by {result['judges']}.\n\n"
        + table(("ours against", "pairs", "wins", "losses", "ties"), rows)
    )


def _one_line(one: Results) -> str:
    subject = "" if one["subject"] is None else f"{one['subject']}: "
    return f"{subject}{' '.join(one['text'].split())}"
