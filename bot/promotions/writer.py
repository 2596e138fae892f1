"""How does the writer write? GPT-2 samples texts that keep to their plans, several in one batch.

What it may write next is narrowed at every step: in a part of a text only the places that the plan has for
it and that are not there yet, no end of the part before all of them are there, and no words that nobody wrote
one after another (`continuations`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from bot.promotions.continuations import Continuations, Followers
from bot.promotions.copybook import PLACES, Line
from bot.promotions.gpt2_steps import Gpt2Steps
from bot.promotions.planning import places_together
from bot.promotions.plans import CONTROLS, END, FREE_PLACES, NEXT, Plan
from bot.promotions.writer_vocabulary import PAD, joined

if TYPE_CHECKING:
    from transformers import GPT2LMHeadModel, PreTrainedTokenizerFast

SHIPPED_WRITER = Path(__file__).parent / "writer_weights"
MOST_PIECES = {"chat": 90, "subject": 24, "body": 150, "sms": 48, "push": 40}
FEWEST_PIECES_A_PART = 3

Logits = npt.NDArray[np.float32]


class WriterMissing(Exception):
    """A directory holds no whole writer."""


@dataclass(frozen=True)
class Sampling:
    """`temperature` above 0: lower is safer; `share` 0..1 is the part of the probability that is drawn from
    (nucleus sampling, Holtzman et al. 2020); `width` is how many pieces before the next one have to stand in
    the copybook with it, 0 for none.
    """

    temperature: float = 1.0
    share: float = 0.97
    width: int = 6


@dataclass(frozen=True)
class Written:
    """A text with its places unfilled, one part for each section of the plan. `score` is the mean
    log-probability of its pieces, 0 or less; `is_whole` says whether it came to its end.
    """

    plan: Plan
    parts: tuple[str, ...]
    score: float
    is_whole: bool


class Writes(Protocol):
    """Writes a text for each plan; `sets` are the places that one part may have, by "role tone"."""

    @property
    def sets(self) -> Mapping[str, Sequence[Sequence[str]]]: ...

    def write(self, plans: Sequence[Plan], seed: int) -> list[Written]: ...


@dataclass
class _Progress:
    """How far one text is: its part, what is still to be named in it, the pieces of the part;
    `line_from` is where in them the present line began, `line_places` what was to be named then."""

    plan: Plan
    part: int = 0
    pieces: list[int] = field(default_factory=list)
    open_places: set[str] = field(default_factory=set)
    line_from: int = 0
    line_places: frozenset[str] = frozenset()
    followers: Followers = field(default_factory=lambda: Followers(frozenset()))
    parts: list[str] = field(default_factory=list)
    count: int = 0
    score: float = 0.0
    is_done: bool = False
    is_whole: bool = False

    def begin_line(self) -> None:
        """What comes next is another line's beginning."""
        self.line_from, self.line_places = len(self.pieces), frozenset(self.open_places)

    def begin_part(self) -> None:
        """What comes next is the present part's beginning."""
        self.pieces, self.open_places = [], set(self.plan.sections[self.part].places)
        self.begin_line()


class Writer:
    """A trained GPT-2 with its vocabulary. Safe to use from one thread at a time."""

    def __init__(
        self,
        model: GPT2LMHeadModel,
        tokenizer: PreTrainedTokenizerFast,
        lines: Sequence[Line],
        sampling: Sampling | None = None,
    ) -> None:
        """`lines` are those that it learnt from."""
        self.model = model
        self.tokenizer = tokenizer
        self.lines = tuple(lines)
        self._sampling = sampling or Sampling()
        self.sets: Mapping[str, Sequence[Sequence[str]]] = places_together(lines)
        ids = tokenizer.convert_tokens_to_ids
        self._place_ids = {place: int(ids(f"<{place}>")) for place in PLACES}
        self._place_of = {number: place for place, number in self._place_ids.items()}
        free = set(FREE_PLACES)
        self._continuations = Continuations(
            lines,
            lambda text: list(tokenizer.encode(text, add_special_tokens=False)),
            {number: place for number, place in self._place_of.items() if place not in free},
            self._sampling.width,
        )
        self._free_ids = {self._place_ids[place] for place in FREE_PLACES}
        self._next, self._end, self._pad = (int(ids(piece)) for piece in (NEXT, END, PAD))
        self._never = {int(ids(piece)) for piece in (*CONTROLS, PAD)} | set(self._place_ids.values())

    def write(self, plans: Sequence[Plan], seed: int) -> list[Written]:
        """One text a plan; the same seed writes the same."""
        import torch

        if not plans:
            return []
        draw = np.random.default_rng(seed)
        texts = [_Progress(plan) for plan in plans]
        for text in texts:
            text.begin_part()
        steps = Gpt2Steps(self.model)
        with torch.inference_mode():
            steps.begin(len(texts))
            known = [self.tokenizer.convert_tokens_to_ids(plan.words()) for plan in plans]
            going = list(texts)
            logits = steps.read(known).numpy()
            last = [logits[row, len(known[row]) - 1] for row in range(len(going))]
            while going:
                known = [self._go_on(text, after, draw) for text, after in zip(going, last, strict=True)]
                if not any(known):
                    break
                logits = steps.read([pieces or [self._pad] for pieces in known]).numpy()
                for row, text in enumerate(going):
                    for place, piece in enumerate(known[row]):
                        before = last[row] if place == 0 else logits[row, place - 1]
                        text.score += float(before[piece] - _log_sum(before))
                    if known[row]:
                        last[row] = logits[row, len(known[row]) - 1]
                left = [row for row, text in enumerate(going) if not text.is_done]
                if len(left) < len(going):
                    steps.keep(left)
                    going, last = [going[row] for row in left], [last[row] for row in left]
        return [self._as_written(text) for text in texts]

    def _go_on(self, text: _Progress, after: Logits, draw: np.random.Generator) -> list[int]:
        """The next piece, drawn from the likeliest that make up the share, and all that must follow it."""
        options = self._options(text)
        taken: list[int] = []
        while not text.is_done and options and (not taken or len(options) == 1):
            piece = options[0] if len(options) == 1 else self._drawn(after, options, draw)
            taken.append(piece)
            self._take(text, piece)
            options = [] if text.is_done else self._options(text)
        if not options and not text.is_done:
            # Nobody ever went on from here: the text is given up.
            text.is_done = True
        return taken

    def _drawn(self, after: Logits, options: Sequence[int], draw: np.random.Generator) -> int:
        weights = after[list(options)] / self._sampling.temperature
        chances = np.exp(weights - weights.max())
        chances /= chances.sum()
        order = np.argsort(-chances, kind="stable")
        ordered = chances[order]
        ordered[np.cumsum(ordered) - ordered > self._sampling.share] = 0.0
        return int(options[int(order[draw.choice(len(ordered), p=ordered / ordered.sum())])])

    def _options(self, text: _Progress) -> list[int]:
        """What may come next, in the order of the numbers; empty if nothing may."""
        if self._sampling.width == 0:
            allowed = set(range(self.model.config.vocab_size)) - self._hidden(text)
            may_stop = not text.open_places and len(text.pieces) >= FEWEST_PIECES_A_PART
        else:
            text.followers = self._followed(text)
            allowed = set(text.followers.pieces | text.followers.beginnings)
            may_stop = text.followers.may_stop
        return sorted(allowed | ({self._stop(text)} if may_stop else set()))

    def _followed(self, state: _Progress) -> Followers:
        """What people wrote next."""
        return self._continuations.after(
            state.plan.sections[state.part].role,
            state.plan.several,
            state.line_places,
            frozenset(state.open_places),
            state.pieces[state.line_from :],
        )

    def _hidden(self, state: _Progress) -> set[int]:
        open_ids = {self._place_ids[place] for place in state.open_places}
        return self._never - open_ids - self._free_ids

    def _stop(self, state: _Progress) -> int:
        return self._end if state.part == len(state.plan.sections) - 1 else self._next

    def _take(self, text: _Progress, piece: int) -> None:
        followers = text.followers
        if piece in followers.beginnings and piece not in followers.pieces:
            text.begin_line()
        text.count += 1
        text.is_done = piece == self._end or text.count >= MOST_PIECES[text.plan.form]
        text.is_whole = piece == self._end
        if piece in (self._next, self._end):
            text.parts.append(joined(self.tokenizer, text.pieces))
            text.part += 1
            if not text.is_done:
                text.begin_part()
            return
        text.pieces.append(piece)
        text.open_places.discard(self._place_of.get(piece, ""))

    def _as_written(self, text: _Progress) -> Written:
        parts = [*text.parts] if text.is_whole else [*text.parts, joined(self.tokenizer, text.pieces)]
        return Written(text.plan, tuple(parts), text.score / max(1, text.count), text.is_whole)


def save_writer(
    model: GPT2LMHeadModel,
    tokenizer: PreTrainedTokenizerFast,
    lines: Sequence[Line],
    directory: Path,
) -> None:
    """Write a model directory: weights in fp16, vocabulary, and the lines that it learnt from."""
    directory.mkdir(parents=True, exist_ok=True)
    model.half().save_pretrained(directory)
    model.float()
    tokenizer.save_pretrained(directory)
    rows = [[line.role, line.tone, line.text] for line in lines]
    (directory / "lines.json").write_text(json.dumps(rows, indent=0), encoding="utf-8")


def load_writer(directory: Path = SHIPPED_WRITER, sampling: Sampling | None = None) -> Writer:
    """The writer that `save_writer` wrote, computing in float32. Raises WriterMissing."""
    from transformers import AutoTokenizer, GPT2LMHeadModel

    try:
        rows = json.loads((directory / "lines.json").read_text(encoding="utf-8"))
        model = GPT2LMHeadModel.from_pretrained(directory, dtype="float32", local_files_only=True).eval()
        tokenizer = AutoTokenizer.from_pretrained(directory, local_files_only=True)
    except (OSError, ValueError) as error:
        raise WriterMissing(
            f"{directory} holds no writer ('storekeep train writer' makes one): {error}"
        ) from error
    return Writer(model, tokenizer, [Line(*row) for row in rows], sampling)


def _log_sum(logits: Logits) -> float:
    """log of the sum of exp."""
    most = logits.max()
    return float(most + np.log(np.exp(logits - most).sum()))
