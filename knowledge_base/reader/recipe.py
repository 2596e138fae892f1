"""How are a reader's exercises put together from files, and how does a trained reader get its figures and its
place on disk?"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

from knowledge_base.encoder import ModelMissing
from knowledge_base.reader.calibration import Calibration, write_calibration
from knowledge_base.reader.evaluation import ReaderFigures, calibrate, figures, read_all
from knowledge_base.reader.examples import Example, read_examples
from knowledge_base.reader.exercises import add_unanswerable, make_exercises, split_by_paragraph
from knowledge_base.reader.reader import BertReader
from knowledge_base.reader.training import StepReport, TrainingPlan, train

UNANSWERABLE_SHARE = {"squad": 0.25, "qamr": 0.12, "product": 0.5}
"""Share of answerable questions, by kind of file, that are also asked over a passage that does not answer
them."""

HELD_OUT_ONE_IN = 10
HELD_OUT_UNANSWERABLE_SHARE = 0.5
TRAINING_WINDOW_TOKENS = 160


@dataclass(frozen=True)
class Ingredient:
    """One file of exercises; ``at_most`` takes a random sample of that many, None takes all."""

    path: Path
    at_most: int | None = None


@dataclass(frozen=True)
class TrainingData:
    """``train`` with unanswerable questions added; ``calibrate`` and ``test`` are two halves of the held-out
    paragraphs."""

    train: tuple[Example, ...]
    calibrate: tuple[Example, ...]
    test: tuple[Example, ...]

    def with_more(self, examples: Sequence[Example]) -> TrainingData:
        """The same held-out halves, and ``examples`` to train on as well."""
        return TrainingData((*self.train, *examples), self.calibrate, self.test)


def gather(
    ingredients: Sequence[Ingredient], held_out_from: Sequence[Path], extra: Sequence[Example], seed: int
) -> TrainingData:
    """Reads, samples, holds out and adds unanswerable questions; the same for the same seed. Raises
    UnreadableExamples."""
    rng = random.Random(seed)
    everything: list[Example] = []
    for ingredient in ingredients:
        examples = _balanced(read_examples(ingredient.path), rng)
        at_most = ingredient.at_most
        everything += (
            examples if at_most is None or at_most >= len(examples) else rng.sample(examples, at_most)
        )
    frozen = [example for path in held_out_from for example in read_examples(path)]
    to_train, held_out = split_by_paragraph(everything, frozen, HELD_OUT_ONE_IN)
    for source, share in UNANSWERABLE_SHARE.items():
        group = [example for example in to_train if example.source == source]
        others = [example for example in to_train if example.source != source]
        to_train = others + add_unanswerable(group, share, rng)
    frozen_rng = random.Random(0)
    measured = add_unanswerable(held_out, HELD_OUT_UNANSWERABLE_SHARE, frozen_rng)
    halves = ([e for e in measured if _half(e) == half] for half in (0, 1))
    return TrainingData((*to_train, *extra), *(tuple(half) for half in halves))


def _balanced(examples: list[Example], rng: random.Random) -> list[Example]:
    """Attribute rankings are nearly all "no": as many of those are kept as there are answers."""
    answered = [example for example in examples if example.answers]
    refused = [example for example in examples if not example.answers]
    if examples and examples[0].source == "attribute" and len(refused) > len(answered):
        refused = rng.sample(refused, len(answered))
    return answered + refused


def _half(example: Example) -> int:
    return int(example.paragraph[8:16], 16) % 2


def train_reader(
    base: str,
    data: TrainingData,
    plan: TrainingPlan,
    out: Path,
    report: Callable[[StepReport], None],
    measured: Callable[[], None] = lambda: None,
) -> ReaderFigures | None:
    """Fine-tunes ``base`` (a directory or a hub name), writes model, tokenizer, calibration and figures to
    ``out``.

    Goes on from ``<out>.checkpoint`` after an interruption, and removes it at the end. Without
    held-out questions there are no figures (None) and the default calibration. Raises ModelMissing,
    TrainingMismatch, ValueError if there is nothing to train on.
    """
    if not data.train:
        raise ValueError("no questions to train on: give at least one file that has some")
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(base)
        torch.manual_seed(plan.seed)
        # Without attention dropout the CPU uses its fused attention kernel, a third faster a step.
        model = AutoModelForQuestionAnswering.from_pretrained(
            base, attention_probs_dropout_prob=0.0, dtype="float32"
        )
    except (OSError, ValueError) as error:
        raise ModelMissing(f"the base model {base!r} cannot be loaded: {error}") from error
    exercises = make_exercises(data.train, tokenizer, random.Random(plan.seed), TRAINING_WINDOW_TOKENS)
    checkpoint_dir = out.with_name(out.name + ".checkpoint")
    train(model, exercises, plan, checkpoint_dir, report)
    out.mkdir(parents=True, exist_ok=True)
    model.half().save_pretrained(out)
    tokenizer.save_pretrained(out)
    model.float()
    result = measure_and_calibrate(BertReader(model, tokenizer, Calibration()), data, out, measured)
    shutil.rmtree(checkpoint_dir, ignore_errors=True)
    return result


def measure_and_calibrate(
    reader: BertReader, data: TrainingData, out: Path, measured: Callable[[], None]
) -> ReaderFigures | None:
    """Fits the calibration on one half of the held-out paragraphs and measures on the other; writes both, and
    the test file. figures.json further says how it reads the answerable questions of both halves without ever
    refusing, as SQuAD 1.1 counts."""
    if not data.calibrate or not data.test:
        write_calibration(Calibration(), out)
        return None
    first_half, _ = read_all(reader, data.calibrate, measured)
    calibration = calibrate(first_half)
    write_calibration(calibration, out)
    outcomes, speed = read_all(reader, data.test, measured)
    result = figures(outcomes, calibration, speed)
    answerable = [outcome for outcome in (*first_half, *outcomes) if outcome.is_answerable]
    always = {
        "always_answering_questions": len(answerable),
        "always_answering_exact": fmean(outcome.exact for outcome in answerable),
        "always_answering_f1": fmean(outcome.f1 for outcome in answerable),
    }
    content = json.dumps({**asdict(result), **always}, indent=2)
    (out / "figures.json").write_text(content + "\n", encoding="utf-8")
    write_squad(data.test, out.with_name(out.name + ".heldout.json"))
    return result


def write_squad(examples: Sequence[Example], path: Path) -> None:
    """The examples as SQuAD 2.0 JSON, so that any tool can measure on the same questions."""
    paragraphs: dict[tuple[str, str], list[dict[str, object]]] = {}
    for number, example in enumerate(examples):
        answers = [{"text": example.text[s.start : s.end], "answer_start": s.start} for s in example.answers]
        qa = {
            "id": str(number),
            "question": example.question,
            "answers": answers,
            "is_impossible": not answers,
        }
        paragraphs.setdefault((example.title, example.text), []).append(qa)
    data = [
        {"title": title, "paragraphs": [{"context": text, "qas": qas}]}
        for (title, text), qas in paragraphs.items()
    ]
    path.write_text(
        json.dumps({"version": "v2.0", "data": data}, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def average_readers(directories: Sequence[Path], data: TrainingData, out: Path) -> ReaderFigures | None:
    """Writes the reader whose weights are the mean of several trained from one another ("model soup";
    Wortsman et al. 2022), calibrated and measured like a trained one. Raises ModelMissing or ValueError."""
    from safetensors.torch import load_file
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    if len(directories) < 2:
        raise ValueError(f"an average needs two readers or more; came {len(directories)}")
    try:
        states = [load_file(directory / "model.safetensors") for directory in directories]
        tokenizer = AutoTokenizer.from_pretrained(directories[0])
        model = AutoModelForQuestionAnswering.from_pretrained(directories[0], dtype="float32")
        model.load_state_dict(
            {name: sum(state[name].float() for state in states) / len(states) for name in states[0]}
        )
    except (OSError, KeyError, RuntimeError) as error:
        raise ModelMissing(f"the readers cannot be averaged: {error}") from error
    out.mkdir(parents=True, exist_ok=True)
    model.half().save_pretrained(out)
    tokenizer.save_pretrained(out)
    return measure_and_calibrate(BertReader(model.float(), tokenizer, Calibration()), data, out, lambda: None)
