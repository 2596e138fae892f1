"""Are the promotions true, written by the model, and unlike one another? Figures over many of them.

Whether a text is true is judged by `second_reading`, which shares nothing with the check that the texts have
passed.
"""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.promotions.facts import Facts
from bot.promotions.promoter import Candidate, Promoted, Promoter, Recent, Request
from bot.promotions.second_reading import read_again
from bot.promotions.words import banned_words

REQUESTS_AT_ONCE = 16
TIMED = 40
HUNDRED = 100


@dataclass(frozen=True)
class Judged:
    """A message with the facts that it was written from, and what the second reading found untrue."""

    candidate: Candidate
    facts: Facts
    untrue: tuple[str, ...]


@dataclass(frozen=True)
class PromotionFigures:
    """Shares are 0..1. `faithful`: messages in which the second reading finds nothing untrue; `from_model`:
    messages that are no template; `first_passed`: requests whose first text passed the check; `distinct_2`:
    different pairs of neighbouring words among all pairs; `alike`: the most messages in a hundred that are
    the same but for what stands in their places; `banned`: messages with an insulting word; `unanswered`:
    requests without any message; `milliseconds_p50` for three candidates, one request at a time, None where
    nothing was timed.
    """

    messages: int
    faithful: float
    from_model: float
    first_passed: float
    accepted: float
    distinct_2: float
    alike: int
    banned: int
    unanswered: int
    milliseconds_p50: float | None

    def as_contract(self) -> dict[str, float]:
        """Under the names that others rely on."""
        return {name: round(value, 4) for name, value in vars(self).items() if value is not None}


def judge_all(
    promoter: Promoter,
    requests: Sequence[Request],
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[list[Judged], list[Promoted]]:
    """Writes a message a request, a few requests together, and reads each again."""
    recent = Recent()
    judged: list[Judged] = []
    promoted: list[Promoted] = []
    for begin in range(0, len(requests), REQUESTS_AT_ONCE):
        some = requests[begin : begin + REQUESTS_AT_ONCE]
        for request, found in zip(some, promoter.promote_all(some, recent=recent), strict=True):
            promoted.append(found)
            judged += [judge(candidate, request.facts) for candidate in found.messages]
        progress(len(some))
    return judged, promoted


def judge(candidate: Candidate, facts: Facts) -> Judged:
    """The second reading of one message."""
    message = candidate.message
    return Judged(candidate, facts, read_again(message.channel, message.subject, message.text, facts))


def figures_of(
    judged: Sequence[Judged], promoted: Sequence[Promoted], milliseconds: Sequence[float]
) -> PromotionFigures:
    """Raises ValueError without a message."""
    if not judged:
        raise ValueError("there is no message to measure")
    firsts = [found.first_passed for found in promoted if found.first_passed is not None]
    refused = sum(one.source == "model" for found in promoted for one in found.refused)
    written = sum(one.candidate.source == "model" for one in judged)
    return PromotionFigures(
        messages=len(judged),
        faithful=_share(not one.untrue for one in judged),
        from_model=written / len(judged),
        first_passed=_share(bool(first) for first in firsts),
        accepted=1 - refused / max(1, refused + written),
        distinct_2=distinct_pairs([one.candidate.message.copy for one in judged]),
        alike=most_alike([one.candidate.written for one in judged if one.candidate.written]),
        banned=sum(bool(banned_words(one.candidate.message.copy)) for one in judged),
        unanswered=sum(not found.messages for found in promoted),
        milliseconds_p50=statistics.median(milliseconds) if milliseconds else None,
    )


def timed(
    promote: Callable[[Request], Promoted], requests: Sequence[Request], most: int = TIMED
) -> Iterator[float]:
    """Milliseconds of single requests, spread over all; the first warms up and is not told."""
    if not requests:
        return
    promote(requests[0])
    for request in requests[:: max(1, len(requests) // most)][:most]:
        yield promote(request).milliseconds


def distinct_pairs(texts: Sequence[str]) -> float:
    """0..1, distinct-2 of Li et al. (2016): different pairs of neighbouring words among all pairs."""
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        words = text.lower().split()
        pairs.update(itertools.pairwise(words))
    return len(pairs) / max(1, sum(pairs.values()))


def most_alike(written: Sequence[tuple[str, ...]]) -> int:
    """How many of any hundred in a row are the same unfilled text, at the worst; 1 if none is."""
    worst = 1
    for begin in range(0, len(written), HUNDRED):
        counted = Counter(written[begin : begin + HUNDRED])
        worst = max(worst, *counted.values())
    return worst


def _share(values: Iterator[bool]) -> float:
    found = list(values)
    return sum(found) / max(1, len(found))
