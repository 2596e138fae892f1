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
from typing import TYPE_CHECKING, Any, Protocol

from bot.promotions.continuations import Continuations, Followers
from bot.promotions.copybook import PLACES, Line
from bot.promotions.gpt2_steps import Gpt2Steps
from bot.promotions.planning import places_together
from bot.promotions.plans import CONTROLS, END, FREE_PLACES, NEXT, Plan
from bot.promotions.writer_vocabulary import PAD, joined

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import GPT2LMHeadModel, PreTrainedTokenizerFast

SHIPPED_WRITER = Path(__file__).parent / "writer_weights"
MOST_PIECES = {"chat": 90, "subject": 24, "body": 150, "sms": 48, "push": 40}
FEWEST_PIECES_A_PART = 3
HIDDEN = float("-inf")


class WriterMissing(Exception):
    """A directory holds no whole writer."""


@dataclass(frozen=True)
class Sampling:
    """`temperature` above 0: lower is safer; `share` 0..1 is the part of the probability that is drawn from
    (nucleus sampling, Holtzman et al. 2020); `width` is how many pieces before the next one have to stand in
    the copybook with it, 0 for none.
    """

    temperature: float = 0.85
    share: float = 0.92
    width: int = 4


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
    is_done: bool = False

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
        self.sets: Mapping[str, Sequence[Sequence[str]]] = places_together(lines)
        self._sampling = sampling or Sampling()
        ids = tokenizer.convert_tokens_to_ids
        self._place_ids = {place: int(ids(f"<{place}>")) for place in PLACES}
        self._place_of = {number: place for place, number in self._place_ids.items()}
        free = set(FREE_PLACES)
        self._continuations = Continuations(
            lines,
            lambda text: list(tokenizer.encode(text, add_special_tokens=False)),
            {number: place for number, place in self._place_of.items() if place not in free},
        )
        self._free_ids = {self._place_ids[place] for place in FREE_PLACES}
        self._next, self._end, self._pad = (int(ids(piece)) for piece in (NEXT, END, PAD))
        self._never = {int(ids(piece)) for piece in (*CONTROLS, PAD)} | set(self._place_ids.values())

    def write(self, plans: Sequence[Plan], seed: int) -> list[Written]:
        """One text a plan; the same seed writes the same."""
        import torch

        if not plans:
            return []
        generator = torch.Generator().manual_seed(seed)
        states = [_Progress(plan) for plan in plans]
        for state in states:
            state.begin_part()
        rows: list[list[int]] = [[] for _ in plans]
        sums = [0.0] * len(plans)
        with torch.inference_mode():
            steps = Gpt2Steps(self.model)
            logits = self._read_plans(steps, plans)
            for _ in range(max(MOST_PIECES[plan.form] for plan in plans)):
                allowed = logits + self._mask(states)
                chosen, chances = self._drawn(allowed, logits, generator)
                for row, state in enumerate(states):
                    if not state.is_done:
                        sums[row] += chances[row]
                        rows[row].append(chosen[row])
                        self._advance(state, chosen[row], len(rows[row]))
                if all(state.is_done for state in states):
                    break
                logits = steps.step(torch.tensor(chosen))
        return [
            self._as_written(plan, pieces, total)
            for plan, pieces, total in zip(plans, rows, sums, strict=True)
        ]

    def _read_plans(self, steps: Gpt2Steps, plans: Sequence[Plan]) -> Tensor:
        """Logits after each plan; plans are padded on the left."""
        import torch

        read = [self.tokenizer.convert_tokens_to_ids(plan.words()) for plan in plans]
        longest = max(map(len, read))
        ids = torch.full((len(read), longest), self._pad)
        mask = torch.zeros_like(ids)
        for row, pieces in enumerate(read):
            ids[row, longest - len(pieces) :] = torch.tensor(pieces)
            mask[row, longest - len(pieces) :] = 1
        return steps.read(ids, mask)

    def _mask(self, states: Sequence[_Progress]) -> Tensor:
        """0 where a piece may come next, minus infinity where not; shape (texts, pieces)."""
        import torch

        mask = torch.full((len(states), self.model.config.vocab_size), HIDDEN)
        for row, state in enumerate(states):
            if state.is_done:
                mask[row, self._pad] = 0.0
                continue
            if self._sampling.width == 0:
                mask[row] = 0.0
                mask[row, list(self._hidden(state))] = HIDDEN
                may_stop = not state.open_places and len(state.pieces) >= FEWEST_PIECES_A_PART
            else:
                state.followers = self._followed(state)
                mask[row, list(state.followers.pieces | state.followers.beginnings)] = 0.0
                may_stop = state.followers.may_stop
            if may_stop:
                mask[row, self._stop(state)] = 0.0
            elif bool(mask[row].max() == HIDDEN):
                # Nobody ever went on from here: the text is given up.
                state.is_done = True
                mask[row, self._pad] = 0.0
        return mask

    def _followed(self, state: _Progress) -> Followers:
        """What people wrote next."""
        return self._continuations.after(
            state.plan.sections[state.part].role,
            state.plan.several,
            state.line_places,
            frozenset(state.open_places),
            state.pieces[state.line_from :],
            self._sampling.width,
        )

    def _hidden(self, state: _Progress) -> set[int]:
        open_ids = {self._place_ids[place] for place in state.open_places}
        return self._never - open_ids - self._free_ids

    def _stop(self, state: _Progress) -> int:
        return self._end if state.part == len(state.plan.sections) - 1 else self._next

    def _drawn(self, allowed: Tensor, logits: Tensor, generator: Any) -> tuple[list[int], list[float]]:
        """A piece a text, drawn from the likeliest that make up the share; with its log-probability before
        anything was hidden."""
        import torch

        chances = torch.softmax(allowed / self._sampling.temperature, dim=-1)
        ordered, order = chances.sort(dim=-1, descending=True)
        ordered[ordered.cumsum(dim=-1) - ordered > self._sampling.share] = 0.0
        place = torch.multinomial(ordered, 1, generator=generator)
        chosen = order.gather(1, place)
        logs = torch.log_softmax(logits, dim=-1).gather(1, chosen)
        return chosen[:, 0].tolist(), logs[:, 0].tolist()

    def _advance(self, state: _Progress, piece: int, count: int) -> None:
        followers = state.followers
        if piece in followers.beginnings and piece not in followers.pieces:
            state.begin_line()
        state.pieces.append(piece)
        state.open_places.discard(self._place_of.get(piece, ""))
        if piece == self._next:
            state.part += 1
            state.begin_part()
        if piece == self._end or count >= MOST_PIECES[state.plan.form]:
            state.is_done = True

    def _as_written(self, plan: Plan, pieces: Sequence[int], total: float) -> Written:
        is_whole = bool(pieces) and pieces[-1] == self._end
        parts: list[list[int]] = [[]]
        for piece in pieces[:-1] if is_whole else pieces:
            if piece == self._next:
                parts.append([])
            else:
                parts[-1].append(piece)
        texts = tuple(joined(self.tokenizer, part) for part in parts)
        return Written(plan, texts, total / max(1, len(pieces)), is_whole)


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
