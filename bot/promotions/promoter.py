"""How does a promotion come about? Facts, plans, texts of the writer, the check, and a ranking of the rest.

What the check refuses is kept with the reason; where nothing passes, a plain text of the facts stands in.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from bot.promotions.check import Message, findings
from bot.promotions.copybook import TONES
from bot.promotions.facts import Facts
from bot.promotions.filling import NothingToSay, fill, fills_of
from bot.promotions.layout import Footers, laid_out, plain_message
from bot.promotions.planning import NoPlan, Order, planned
from bot.promotions.plans import FORMS_OF, Channel, Length, Plan
from bot.promotions.writer import Writes, Written

Vector = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

SPARE = 1
ROUNDS = 3
TEXTS_AT_ONCE = 48
MOST_RECENT = 100
FIT_WEIGHT, NOVELTY_WEIGHT = 1.0, 1.5
"""What the likeness to the reader's interests (cosine) and to what they were sent before (share of word
triples) count beside the mean log-probability of a piece, which is about -1."""


@dataclass(frozen=True)
class Request:
    """What is wanted: `count` messages on a channel; `tone` and `length` None for what comes. `seed` makes a
    run repeatable; `reader_vector` has length 1; `shown` are texts that the reader was sent before;
    `unsubscribe_url` is the reader's own, None takes the shop's; `rejected` are unfilled texts that a person
    did not want.
    """

    facts: Facts
    channel: Channel
    count: int = 3
    tone: str | None = None
    length: Length | None = None
    seed: int = 0
    reader_vector: Vector | None = None
    shown: tuple[str, ...] = ()
    unsubscribe_url: str | None = None
    rejected: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """One message with what is known of its making. `plans` and `written` (texts with places unfilled) are
    empty for a template; `findings` is why the check refused it; `score` is for ranking, higher is better.
    """

    message: Message
    source: Literal["model", "template"]
    tone: str
    told: tuple[str, ...]
    findings: tuple[str, ...] = ()
    plans: tuple[Plan, ...] = ()
    written: tuple[str, ...] = ()
    score: float = 0.0


@dataclass(frozen=True)
class Promoted:
    """`messages` passed the check, the best first; `refused` did not. `first_passed` tells of the very
    first text that the writer made, None where it made none.
    """

    messages: tuple[Candidate, ...]
    refused: tuple[Candidate, ...]
    first_passed: bool | None
    milliseconds: float


class Recent:
    """The unfilled texts of the last hundred messages of a run, so that no two of them are alike."""

    def __init__(self) -> None:
        self._texts: deque[tuple[str, ...]] = deque(maxlen=MOST_RECENT)

    def fresh(self, candidates: Sequence[Candidate]) -> int:
        """How many different texts passed the check and are not among them."""
        return len({one.written for one in candidates if not one.findings} - set(self._texts))

    def last(self, ranked: Sequence[Candidate]) -> list[Candidate]:
        """In the same order, but those that are among them at the end."""
        return sorted(ranked, key=lambda one: one.written in self._texts)

    def take(self, chosen: Sequence[Candidate]) -> None:
        """Add what was chosen."""
        self._texts.extend(one.written for one in chosen)


class Promoter:
    """Writes promotions. `embed` gives rows of length 1 for texts; without it nothing is fitted to
    readers."""

    def __init__(
        self,
        writer: Writes,
        footers: Footers,
        embed: Embed | None = None,
        check: Callable[[Message, Facts], tuple[str, ...]] = findings,
    ) -> None:
        self._writer = writer
        self._usual_footers = footers
        self._embed = embed
        self._check = check

    def promote(self, request: Request) -> Promoted:
        """The messages of one request."""
        return self.promote_all([request])[0]

    def promote_all(
        self, requests: Sequence[Request], seconds: float | None = None, recent: Recent | None = None
    ) -> list[Promoted]:
        """The messages of several requests, written together; each tells its share of the time. After so many
        seconds no new round of texts begins. What is in `recent` is taken only where there is nothing else,
        and what is taken comes in.
        """
        before = Recent() if recent is None else recent
        started = perf_counter()
        made: list[list[Candidate]] = [[] for _ in requests]
        for turn in range(ROUNDS):
            wanting = [
                place for place, request in enumerate(requests) if before.fresh(made[place]) < request.count
            ]
            is_late = seconds is not None and turn > 0 and perf_counter() - started > seconds
            if not wanting or is_late:
                break
            for place, more in self._written([(place, requests[place]) for place in wanting], turn):
                made[place].append(more)
        found = [
            self._chosen(request, candidates, before)
            for request, candidates in zip(requests, made, strict=True)
        ]
        each = 1000 * (perf_counter() - started) / max(1, len(requests))
        return [Promoted(*parts, each) for parts in found]

    def _written(self, wanting: Sequence[tuple[int, Request]], turn: int) -> list[tuple[int, Candidate]]:
        """One round of texts: as many candidates as are wanted and some to spare, for each request."""
        rows: list[tuple[int, tuple[Plan, ...]]] = []
        for place, request in wanting:
            for number in range(request.count + SPARE):
                plans = self._plans(request, turn, number)
                if plans is not None:
                    rows.append((place, plans))
        flat = [plan for _, plans in rows for plan in plans]
        texts: list[Written] = []
        for begin in range(0, len(flat), TEXTS_AT_ONCE):
            seed = seed_of(wanting[0][1].seed, turn, begin)
            texts += self._writer.write(flat[begin : begin + TEXTS_AT_ONCE], seed)
        candidates = []
        by_place = dict(wanting)
        for place, plans in rows:
            own, texts = texts[: len(plans)], texts[len(plans) :]
            candidates.append((place, self._candidate(by_place[place], own)))
        return candidates

    def _plans(self, request: Request, turn: int, number: int) -> tuple[Plan, ...] | None:
        """A plan a form of the channel; None if the writer knows none for these facts."""
        draw = random.Random(seed_of(request.seed, turn, number, request.channel))
        tone = request.tone or TONES[(draw.randrange(len(TONES)) + number) % len(TONES)]
        fills = fills_of(request.facts)
        try:
            return tuple(
                planned(Order(form, tone, request.length), request.facts, fills, self._writer.sets, draw)
                for form in FORMS_OF[request.channel]
            )
        except NoPlan:
            return None

    def _candidate(self, request: Request, texts: Sequence[Written]) -> Candidate:
        facts, tone = request.facts, texts[0].plan.tone
        draw = random.Random(seed_of(request.seed, [text.parts for text in texts]))
        fills = dict(fills_of(facts))
        if facts.statements:
            fills["statement"] = draw.choice(facts.statements)
        unfilled = tuple("\n".join(text.parts) for text in texts)
        score = sum(text.score for text in texts) / len(texts)
        told = tuple(
            f"{place}: {fills[place]}"
            for place in dict.fromkeys(place for text in texts for place in sorted(text.plan.places))
            if place in fills
        )
        texts_of_forms, problem = unfilled, None
        if not all(text.is_whole for text in texts):
            problem = "it does not come to an end"
        elif "\n\n".join(unfilled) in request.rejected:
            problem = "a person rejected this text before"
        else:
            try:
                texts_of_forms = tuple("\n".join(fill(part, fills) for part in text.parts) for text in texts)
            except NothingToSay as error:
                problem = f"no fact for {error}"
        message = laid_out(request.channel, facts, texts_of_forms, tone, self._footers(request))
        found = self._check(message, facts) if problem is None else (problem,)
        plans = tuple(text.plan for text in texts)
        return Candidate(message, "model", tone, told, found, plans, unfilled, score)

    def _chosen(
        self, request: Request, candidates: Sequence[Candidate], before: Recent
    ) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...], bool | None]:
        passed = [candidate for candidate in candidates if not candidate.findings]
        refused = tuple(candidate for candidate in candidates if candidate.findings)
        first = not candidates[0].findings if candidates else None
        ranked = before.last(self._ranked(request, passed))[: request.count]
        before.take(ranked)
        if not ranked:
            plain = plain_message(request.channel, request.facts, self._footers(request))
            problems = self._check(plain, request.facts)
            told = tuple(f"{place}: {words}" for place, words in fills_of(request.facts).items())
            candidate = Candidate(plain, "template", "plain", told, problems)
            if problems:
                return (), (*refused, candidate), first
            return (candidate,), refused, first
        return tuple(ranked), refused, first

    def _footers(self, request: Request) -> Footers:
        own = request.unsubscribe_url
        return self._usual_footers if own is None else Footers(own)

    def _ranked(self, request: Request, passed: Sequence[Candidate]) -> list[Candidate]:
        """The best first: likely words, near to what the reader likes, unlike what they were sent and unlike
        one another; no text twice."""
        fits: npt.NDArray[np.floating[Any]] = np.zeros(len(passed))
        if self._embed is not None and request.reader_vector is not None and len(passed) > 1:
            name = request.facts.reader.first_name
            fits = self._embed([_nameless(one.message.copy, name) for one in passed]) @ request.reader_vector
        left = [
            (candidate.score + FIT_WEIGHT * float(fit), candidate)
            for candidate, fit in zip(passed, fits, strict=True)
        ]
        before = [triples(text) for text in request.shown]
        ranked: list[Candidate] = []
        while left:
            best = max(
                range(len(left)),
                key=lambda place: (
                    left[place][0] - NOVELTY_WEIGHT * likeness(left[place][1].message.copy, before)
                ),
            )
            candidate = left.pop(best)[1]
            if all(candidate.written != one.written for one in ranked):
                ranked.append(candidate)
                before.append(triples(candidate.message.copy))
        return ranked


def _nameless(text: str, first_name: str | None) -> str:
    """The text for any reader: what ranks first must not follow from a name."""
    return text if first_name is None else re.sub(rf"[ ,]*(?<!\w){re.escape(first_name)}(?!\w)", "", text)


def triples(text: str) -> frozenset[tuple[str, ...]]:
    """All three words that follow one another."""
    words = text.lower().split()
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def likeness(text: str, before: Sequence[frozenset[tuple[str, ...]]]) -> float:
    """0..1: the share of a text's word triples that stand in the likest of the texts before."""
    own = triples(text)
    return max((len(own & other) / max(1, len(own)) for other in before), default=0.0)


def seed_of(*parts: object) -> int:
    """A seed that follows from all parts."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:6])
