"""How good is what is installed here? Figures over a file of questions, by the same commands that the docs
quote."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from bot.cli import evaluate_promotions
from bot.cli.failures import settings_or_exit, told
from bot.intent_evaluation import (
    BrokenIntentFile,
    ParsingFailed,
    parse_with_rasa,
    read_labelled_texts,
    score_intents,
)
from bot.preparation import prepare_encoder
from bot.rasa_model import RasaMissing, RasaTrainingFailed, ensure_rasa_model
from bot.recommendations.benchmark_runs import evaluate_file
from bot.recommendations.interaction_files import BrokenInteractions, read_interactions
from bot.recommendations.recommender_training import Progress, TrainingPlan
from knowledge_base.answer_evaluation import BrokenAnswerFile, evaluate_answers, read_answer_file
from knowledge_base.encoder import MiniLmEncoder, ModelMissing
from knowledge_base.reader.evaluation import figures, read_all
from knowledge_base.reader.examples import UnreadableExamples, read_examples
from knowledge_base.reader.reader import load_reader

if TYPE_CHECKING:
    from tqdm import tqdm

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(help="Measure a model on a file; prints one JSON object.")
def command() -> None:
    """One subcommand a model."""


command.add_command(evaluate_promotions.command, "promotions")


@command.command(help="Measure the reader on FILE, SQuAD 1.1 or 2.0 JSON.")
@click.argument("file", type=_FILE)
@click.option(
    "--model", default=None, help="A directory or hub name. Default: the setting, else the shipped weights."
)
def reader(file: Path, model: str | None) -> None:
    from tqdm import tqdm

    settings = settings_or_exit()
    with told(bad_input=(UnreadableExamples, ValueError), failed=(ModelMissing,)):
        examples = read_examples(file)
        loaded = load_reader(model if model is not None else settings.reader_model, settings.reader_precision)
        with tqdm(total=len(examples), unit="question") as bar:
            outcomes, speed = read_all(loaded, examples, lambda: _advance(bar))
        click.echo(json.dumps(asdict(figures(outcomes, loaded.calibration, speed))))


@command.command(
    help="Measure search and reading together on FILE, JSON Lines of question, passages, relevant, answers."
)
@click.argument("file", type=_FILE)
def answers(file: Path) -> None:
    from tqdm import tqdm

    settings = settings_or_exit()
    with told(bad_input=(BrokenAnswerFile, ValueError), failed=(ModelMissing,)):
        rows = read_answer_file(file)
        encoder, loaded = (
            MiniLmEncoder(settings.encoder_model),
            load_reader(settings.reader_model, settings.reader_precision),
        )
        with tqdm(total=len(rows), unit="question") as bar:
            result = evaluate_answers(rows, encoder, loaded, settings.answer_threshold, lambda: _advance(bar))
        click.echo(json.dumps(result.as_contract()))


def _advance(bar: tqdm[NoReturn]) -> None:
    bar.update()


@command.command(help="Measure the understanding of intents on FILE, CSV with the columns text and intent.")
@click.argument("file", type=_FILE)
def intents(file: Path) -> None:
    settings = settings_or_exit()
    with told(
        bad_input=(BrokenIntentFile,), failed=(RasaMissing, RasaTrainingFailed, ParsingFailed, ModelMissing)
    ):
        texts = read_labelled_texts(file)
        prepare_encoder(settings)
        model = ensure_rasa_model(
            Path.cwd(), settings.rasa_environment, settings.data_dir, lambda line: click.echo(line, err=True)
        )
        found = parse_with_rasa(
            [text.text for text in texts], model, settings.rasa_environment, settings.data_dir
        )
        click.echo(json.dumps(asdict(score_intents(texts, found))))


@command.command(
    help="Measure the recommender on FILE, lines 'user item item ...' in time order or CSV "
    "customer_id,sku,timestamp: leave-one-out, all items not seen ranked, beside popularity, item-kNN, ALS."
)
@click.argument("file", type=_FILE)
@click.option("--seeds", type=click.IntRange(1, 20), default=3, show_default=True, help="How many trainings.")
@click.option("--passes", type=click.IntRange(1, 500), default=TrainingPlan().passes, show_default=True)
def recommendations(file: Path, seeds: int, passes: int) -> None:
    from tqdm import tqdm

    def show(progress: Progress) -> None:
        bar.total, bar.n = progress.steps, progress.step
        bar.set_postfix(loss=f"{progress.loss:.3f}", refresh=False)
        bar.update(0)

    with told(bad_input=(BrokenInteractions, ValueError)):
        interactions = read_interactions(file)
        with tqdm(unit="step", smoothing=0.05) as bar:
            plan, numbers = TrainingPlan(passes=passes), tuple(range(7, 7 + seeds))
            result = evaluate_file(interactions, plan, numbers, show, bar.set_description)
        click.echo(json.dumps(result.as_contract()))
