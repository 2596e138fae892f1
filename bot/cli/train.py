"""How does a shop train its own models? ``storekeep train reader FILE...``"""

from __future__ import annotations

import json
import random
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from bot.cli import train_recommender, train_writer
from bot.cli.failures import settings_or_exit, told
from bot.cli.train_segments import segments
from bot.preparation import prepare_encoder
from bot.rasa_model import RasaMissing, RasaTrainingFailed, ensure_rasa_model
from knowledge_base.encoder import ModelMissing, minilm_directory
from knowledge_base.reader.examples import Example, UnreadableExamples
from knowledge_base.reader.recipe import (
    Ingredient,
    TrainingData,
    average_readers,
    gather,
    train_reader,
)
from knowledge_base.reader.training import StepReport, TrainingMismatch, TrainingPlan
from knowledge_base.shop_pages import BrokenPage
from knowledge_base.shop_questions import BrokenQuestions

if TYPE_CHECKING:
    from tqdm import tqdm


@click.group(help="Train a model. Interrupted training goes on where it was.")
def command() -> None:
    """One subcommand a model."""


command.add_command(train_recommender.command, "recommender")

command.add_command(train_writer.command, "writer")

command.add_command(segments)


@command.command(
    help="Train the reader on FILES of questions: SQuAD JSON, QAMR TSV, product question CSV or JSON Lines. "
    "FILE:N takes N of them."
)
@click.argument("files", nargs=-1)
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Directory for the trained model."
)
@click.option(
    "--base",
    default=None,
    help="Model to start from: a directory or a hub name. Default: the packaged MiniLM.",
)
@click.option(
    "--hold-out",
    "held_out",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="Keep a tenth of this file's paragraphs back to measure on.",
)
@click.option(
    "--shop",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="Also use the shop's own questions in this knowledge directory, but for a fifth of its pages.",
)
@click.option(
    "--sentences",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="JSON of questions and answering sentences; the base reader marks the words in them itself.",
)
@click.option("--shop-repeat", type=click.IntRange(1, 20), default=3, show_default=True)
@click.option("--epochs", type=click.FloatRange(min=0, min_open=True), default=2.0, show_default=True)
@click.option("--batch-size", type=click.IntRange(1, 1024), default=32, show_default=True)
@click.option("--learning-rate", type=click.FloatRange(min=0, min_open=True), default=1e-4, show_default=True)
@click.option("--train-embeddings/--keep-embeddings", default=False, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True)
def reader(
    files: tuple[str, ...],
    out: Path,
    base: str | None,
    held_out: tuple[Path, ...],
    shop: Path | None,
    sentences: tuple[Path, ...],
    shop_repeat: int,
    epochs: float,
    batch_size: int,
    learning_rate: float,
    train_embeddings: bool,
    seed: int,
) -> None:
    from tqdm import tqdm

    problems = (UnreadableExamples, BrokenQuestions, BrokenPage, ValueError)
    with told(bad_input=problems, failed=(ModelMissing, TrainingMismatch)):
        own = [] if shop is None else _shop_examples(shop, seed) * shop_repeat
        data = gather([_ingredient(file) for file in files], held_out, own, seed)
        if sentences:
            data = data.with_more(_sentence_examples(sentences, base, data, seed))
        click.echo(
            f"{len(data.train)} exercises, {len(data.test)} held-out questions to measure on", err=True
        )
        plan = TrainingPlan(epochs, batch_size, learning_rate, seed=seed, train_embeddings=train_embeddings)
        with tqdm(unit="step", smoothing=0.05) as bar:
            result = train_reader(
                base if base is not None else str(minilm_directory()),
                data,
                plan,
                out,
                lambda step: _show(bar, step),
            )
    click.echo(json.dumps({"model": str(out), **({} if result is None else asdict(result))}))


def _ingredient(argument: str) -> Ingredient:
    match = re.fullmatch(r"(.+):(\d+)", argument)
    path = Path(match[1] if match else argument)
    if not path.is_file():
        raise UnreadableExamples(f"{path}: there is no such file")
    return Ingredient(path, int(match[2]) if match else None)


def _sentence_examples(
    files: tuple[Path, ...], base: str | None, data: TrainingData, seed: int
) -> list[Example]:
    from tqdm import tqdm

    from knowledge_base.reader.reader import load_reader
    from knowledge_base.reader.sentence_pairs import mark_answers, read_sentence_pairs, without_held_out

    if base is None:
        raise UnreadableExamples("--sentences needs --base, a reader that can mark the answers already")
    pairs = [pair for file in files for pair in read_sentence_pairs(file)]
    pairs = without_held_out(pairs, (*data.calibrate, *data.test))
    with tqdm(total=len(pairs), unit="sentence", desc="marking") as bar:
        return mark_answers(pairs, load_reader(base), random.Random(seed), lambda: _advance(bar))


def _advance(bar: tqdm[NoReturn]) -> None:
    bar.update()


def _shop_examples(knowledge_dir: Path, seed: int) -> list[Example]:
    from knowledge_base.product_files import read_products
    from knowledge_base.shop_questions import make_examples, read_shop_questions

    products = [
        product
        for path in sorted((knowledge_dir / "products").glob("*.jsonl"))
        for product in read_products(path)
    ]
    questions = [question for question in read_shop_questions(knowledge_dir) if not question.is_held_out]
    return make_examples(questions, products, knowledge_dir, random.Random(seed))


def _show(bar: tqdm[NoReturn], step: StepReport) -> None:
    bar.total = step.steps
    bar.n = step.step
    bar.set_postfix(loss=f"{step.loss:.3f}", refresh=False)
    bar.update(0)


@command.command(help="Average trained READERS (directories) into one, which often reads better than each.")
@click.argument("readers", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Directory for the average.")
@click.option(
    "--hold-out",
    "held_out",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="The same files as in training: a tenth of their paragraphs was kept back to measure on.",
)
def average(readers: tuple[Path, ...], out: Path, held_out: tuple[Path, ...]) -> None:
    with told(bad_input=(UnreadableExamples, ValueError), failed=(ModelMissing,)):
        result = average_readers(readers, gather((), held_out, (), seed=0), out)
    click.echo(json.dumps({"model": str(out), **({} if result is None else asdict(result))}))


@command.command(help="Train Rasa on the dialogue files, if they changed since the last time.")
def rasa() -> None:
    settings = settings_or_exit()
    with told(failed=(RasaMissing, RasaTrainingFailed, ModelMissing)):
        prepare_encoder(settings)
        model = ensure_rasa_model(
            Path.cwd(), settings.rasa_environment, settings.data_dir, lambda line: click.echo(line, err=True)
        )
    click.echo(str(model))
