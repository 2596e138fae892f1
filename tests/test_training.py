"""Does an interrupted training go on as if nothing had happened, and does training learn at all?"""

from __future__ import annotations

import math
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from knowledge_base.encoder import ModelMissing, minilm_directory
from knowledge_base.reader import training
from knowledge_base.reader.calibration import Calibration, read_calibration
from knowledge_base.reader.examples import Example, Span, read_examples
from knowledge_base.reader.exercises import Exercise
from knowledge_base.reader.reader import Reading, load_reader
from knowledge_base.reader.recipe import TrainingData, average_readers, train_reader, write_squad
from knowledge_base.reader.training import StepReport, TrainingMismatch, TrainingPlan, batches, train
from knowledge_base.reader.windows import Window

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import BertForQuestionAnswering

STEPS_BETWEEN_CHECKPOINTS = training.CHECKPOINT_EVERY_STEPS
PLAN = TrainingPlan(epochs=1.0, batch_size=2, learning_rate=1e-3, seed=5)


@pytest.fixture(autouse=True)
def _one_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tiny models are faster in one thread, above all where other work keeps the cores busy."""
    if request.node.get_closest_marker("full") is None:
        yield
        return
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class Killed(Exception):
    """Stands for the end of the process."""


def exercises(count: int) -> list[Exercise]:
    """The answer is where token 9 stands."""
    rng = random.Random(3)
    made = []
    for _ in range(count):
        ids = [1, *(rng.randrange(10, 50) for _ in range(rng.randrange(4, 12))), 2]
        answer = rng.randrange(1, len(ids) - 1)
        ids[answer] = 9
        window = Window(tuple(ids), (0,) * len(ids), tuple((n, n + 1) for n in range(len(ids))))
        made.append(Exercise(window, answer, answer))
    return made


def tiny_model(vocabulary: int = 60) -> BertForQuestionAnswering:
    import torch
    from transformers import BertConfig, BertForQuestionAnswering

    torch.manual_seed(1)
    return BertForQuestionAnswering(
        BertConfig(
            vocab_size=vocabulary,
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            hidden_dropout_prob=0.2,
        )
    )


def killed_at(step: int) -> Callable[[StepReport], None]:
    def report(done: StepReport) -> None:
        if done.step == step:
            raise Killed

    return report


def weights(model: BertForQuestionAnswering) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def test_batches_hold_every_exercise_once_an_epoch_and_are_the_same_again() -> None:
    given = exercises(101)
    plan = TrainingPlan(epochs=2.0, batch_size=8)
    made = list(batches(given, plan))
    counts = [sum(one is other for batch in made for one in batch) for other in given]
    assert counts == [2] * 101
    assert made == list(batches(given, plan))
    assert max(len(batch) for batch in made) == 8
    assert sum(len(batch) for batch in batches(given, TrainingPlan(epochs=0.5))) == math.ceil(101 / 2)


@pytest.mark.full
@pytest.mark.parametrize("kills", [(150,), (100,), (101, 199), (30,)])
def test_a_resumed_run_ends_with_the_very_same_weights(tmp_path: Path, kills: tuple[int, ...]) -> None:
    import torch

    given = exercises(2 * 230)
    whole, resumed = tiny_model(), tiny_model()
    losses: list[float] = []
    train(whole, given, PLAN, tmp_path / "whole", lambda done: losses.append(done.loss))
    for step in kills:
        with pytest.raises(Killed):
            train(resumed, given, PLAN, tmp_path / "resumed", killed_at(step))
        resumed = tiny_model()
    later: list[StepReport] = []
    train(resumed, given, PLAN, tmp_path / "resumed", later.append)
    expected_first = (max(kills) - 1) // STEPS_BETWEEN_CHECKPOINTS * STEPS_BETWEEN_CHECKPOINTS + 1
    assert (later[0].step, later[-1].step, later[0].steps) == (expected_first, 230, 230)
    assert [done.loss for done in later] == losses[expected_first - 1 :]
    assert all(torch.equal(weights(whole)[name], value) for name, value in weights(resumed).items())


@pytest.mark.full
def test_a_kill_between_the_two_renames_loses_nothing(tmp_path: Path) -> None:
    given = exercises(2 * 130)
    with pytest.raises(Killed):
        train(tiny_model(), given, PLAN, tmp_path / "c", killed_at(120))
    (tmp_path / "c").rename(tmp_path / "c.old")
    reports: list[StepReport] = []
    train(tiny_model(), given, PLAN, tmp_path / "c", reports.append)
    assert reports[0].step == 101


@pytest.mark.full
@pytest.mark.parametrize(
    ("plan", "count"),
    [(TrainingPlan(epochs=1.0, batch_size=2, learning_rate=2e-3, seed=5), 260), (PLAN, 258)],
)
def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path, plan: TrainingPlan, count: int) -> None:
    with pytest.raises(Killed):
        train(tiny_model(), exercises(260), PLAN, tmp_path / "c", killed_at(120))
    with pytest.raises(TrainingMismatch, match="use another directory or delete it"):
        train(tiny_model(), exercises(count), plan, tmp_path / "c", lambda done: None)


@pytest.mark.full
def test_training_finds_what_there_is_to_learn(tmp_path: Path) -> None:
    losses: list[float] = []
    plan = TrainingPlan(epochs=4.0, batch_size=16, learning_rate=3e-3, train_embeddings=True)
    train(tiny_model(), exercises(1600), plan, tmp_path / "c", lambda done: losses.append(done.loss))
    assert sum(losses[:10]) / 10 > 2 * sum(losses[-10:]) / 10


@pytest.mark.full
@pytest.mark.parametrize("train_embeddings", [False, True])
def test_word_embeddings_are_kept_unless_they_are_to_be_trained(
    tmp_path: Path, train_embeddings: bool
) -> None:
    import torch

    model = tiny_model()
    before = weights(model)["bert.embeddings.word_embeddings.weight"]
    plan = TrainingPlan(batch_size=2, train_embeddings=train_embeddings)
    train(model, exercises(20), plan, tmp_path / "c", lambda done: None)
    after = weights(model)["bert.embeddings.word_embeddings.weight"]
    assert torch.equal(before, after) is not train_embeddings


def shop_example(number: int, is_answered: bool = True) -> Example:
    text = f"The lamp {number} weighs {number} kg. It is red."
    answer = f"{number} kg"
    start = text.index(answer)
    spans = (Span(start, start + len(answer)),) if is_answered else ()
    return Example(f"how heavy is lamp {number}?", "Lamp", text, spans, "shop")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A tiny random model with the packaged tokenizer, as a directory."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(minilm_directory()))
    tiny_model(len(tokenizer)).save_pretrained(tmp_path / "base")
    tokenizer.save_pretrained(tmp_path / "base")
    return tmp_path / "base"


@pytest.mark.full
def test_a_trained_reader_lies_on_disk_with_its_figures(tmp_path: Path, base: Path) -> None:
    held_out = tuple(shop_example(number, number % 3 > 0) for number in range(60))
    data = TrainingData(tuple(shop_example(number) for number in range(40)), held_out[:30], held_out[30:])
    plan = TrainingPlan(epochs=30.0, batch_size=8, learning_rate=3e-3, train_embeddings=True)
    out = tmp_path / "reader"
    figures = train_reader(str(base), data, plan, out, lambda done: None)
    assert figures is not None
    assert 0 <= figures.f1 <= 1
    assert not out.with_name("reader.checkpoint").exists()
    assert read_calibration(out) != Calibration()
    assert read_examples(tmp_path / "reader.heldout.json")[0].question == held_out[30].question
    span = load_reader(str(out)).read("how heavy is lamp 7?", [Reading("Lamp", shop_example(7).text)])[0]
    assert span is not None


@pytest.mark.full
def test_without_held_out_questions_an_old_calibration_does_not_stay(tmp_path: Path, base: Path) -> None:
    out = tmp_path / "reader"
    out.mkdir()
    (out / "calibration.json").write_text('{"slope": 9, "offset": 9, "threshold": 0.9}')
    data = TrainingData((shop_example(1),), (), ())
    assert train_reader(str(base), data, TrainingPlan(), out, lambda done: None) is None
    assert read_calibration(out) == Calibration()


@pytest.mark.full
def test_an_average_has_the_mean_of_the_weights(tmp_path: Path, base: Path) -> None:
    from safetensors.torch import load_file, save_file

    other = tmp_path / "other"
    shutil.copytree(base, other)
    before = load_file(base / "model.safetensors")
    save_file({name: value + 0.5 for name, value in before.items()}, other / "model.safetensors")
    assert average_readers([base, other], TrainingData((), (), ()), tmp_path / "mean") is None
    mean = load_file(tmp_path / "mean" / "model.safetensors")
    farthest = max(float((mean[name].float() - value - 0.25).abs().max()) for name, value in before.items())
    assert farthest < 2e-3


def test_an_average_of_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs two readers or more; came 1"):
        average_readers([tmp_path], TrainingData((), (), ()), tmp_path / "mean")


@pytest.mark.full
def test_a_base_that_is_no_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    data = TrainingData((shop_example(1),), (), ())
    with pytest.raises(ModelMissing, match=r"the base model .* cannot be loaded"):
        train_reader(str(tmp_path / "empty"), data, TrainingPlan(), tmp_path / "out", lambda done: None)


@pytest.mark.full
@pytest.mark.parametrize(("name", "content"), [("calibration.json", "{"), ("model.safetensors", "version 1")])
def test_a_broken_model_directory_is_told(base: Path, name: str, content: str) -> None:
    (base / name).write_text(content)
    with pytest.raises(ModelMissing, match=r"the reader .* cannot be loaded"):
        load_reader(str(base))


def test_nothing_to_train_on_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no questions to train on"):
        train_reader("base", TrainingData((), (), ()), TrainingPlan(), tmp_path / "out", lambda done: None)


def test_held_out_questions_are_written_as_squad(tmp_path: Path) -> None:
    examples = [shop_example(1), shop_example(2, is_answered=False)]
    write_squad(examples, tmp_path / "h.json")
    assert [(e.question, e.title, e.text, e.answers) for e in read_examples(tmp_path / "h.json")] == [
        (e.question, e.title, e.text, e.answers) for e in examples
    ]
