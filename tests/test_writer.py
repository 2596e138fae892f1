"""Does the writer keep to its plans, whatever it has learnt?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.promotions.copybook import Line
from bot.promotions.gpt2_steps import Gpt2Steps
from bot.promotions.planning import places_together
from bot.promotions.plans import Plan, Section
from bot.promotions.shared_writer import SharedWriter
from bot.promotions.writer import Writer, WriterMissing, load_writer, save_writer
from bot.promotions.writer_making import make_writer
from bot.promotions.writer_training import WriterPlan
from bot.recommendations.sequence_network import one_thread
from knowledge_base.checkpoint import TrainingMismatch

LINES = tuple(
    Line(role, tone, text)
    for tone in ("warm", "plain", "playful", "refined")
    for role, text in (
        ("subject", "Meet the <product>"),
        ("subject", "<percent> off: the <product>"),
        ("hook", "Here {is|are} the <product>, and {it waits|they wait}."),
        ("hook", "You looked at <interest>; the <product> may please you."),
        ("about", "{It weighs|They weigh} <weight>."),
        ("about", "On the scales, {it is|they are} <weight>."),
        ("hook", "Meet the <product>."),
        ("offer", "Until <until>, take <percent> off."),
        ("about", "<statement> So says the page."),
        ("offer", "Now {it is|they are} <percent> off until <until>."),
        ("offer", "The price is <price>, not <old_price>."),
        ("offer", "The <product> {costs|cost} <price>."),
        ("close", "Have a look when you like."),
        ("sms", "The <product> {is|are} <percent> off, code <code>."),
        ("push", "<price> for the <product>."),
    )
)
TINY = WriterPlan(
    dimensions=32, layers=1, heads=2, rounds=2, steps_a_round=3, batch=8, held_out=0.0, measured=16
)
TAUGHT = replace(TINY, rounds=2, steps_a_round=30, learning_rate=2e-2)
PLANS = (
    Plan("subject", "warm", "short", False, (Section("subject", ("product", "percent")),)),
    Plan(
        "chat",
        "plain",
        "medium",
        True,
        (
            Section("hook", ("product",)),
            Section("about", ("weight",)),
            Section("offer", ("percent", "until")),
        ),
    ),
)


@pytest.fixture(scope="module", autouse=True)
def one_thread_each() -> Iterator[None]:
    """Tiny models gain nothing by a second thread, and lose much where the cores are busy."""
    with one_thread():
        yield


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Writer:
    directory = tmp_path_factory.mktemp("writer") / "model"
    make_writer(directory, TAUGHT, lines=LINES)
    return load_writer(directory)


@pytest.mark.parametrize("seed", range(5))
def test_every_part_has_exactly_the_places_of_its_plan_even_from_a_writer_that_knows_nothing(
    writer: Writer, seed: int
) -> None:
    for text in writer.write(PLANS * 3, seed):
        done = text.parts if text.is_whole else text.parts[:-1]
        for part, section in zip(done, text.plan.sections, strict=False):
            named = [
                place for place in re.findall(r"<(\w+)>", part) if place not in ("kind", "category", "shop")
            ]
            assert sorted(named) == sorted(section.places)
        assert not re.search(r"\[\w", " ".join(text.parts))
        assert text.score < 0


def test_a_text_that_comes_to_its_end_has_all_parts(writer: Writer) -> None:
    texts = [text for seed in range(8) for text in writer.write(PLANS, seed) if text.is_whole]
    assert texts
    assert all(len(text.parts) == len(text.plan.sections) for text in texts)


def test_the_same_seed_writes_the_same_and_another_seed_something_else(writer: Writer) -> None:
    assert writer.write(PLANS, 4) == writer.write(PLANS, 4)
    assert writer.write(PLANS, 4) != writer.write(PLANS, 5)


def test_pieces_read_a_few_at_a_time_have_the_same_logits_as_in_the_library(writer: Writer) -> None:
    import torch

    chunks = [([5, 9, 12], [6], [4, 2]), ([3, 8, 7, 2, 11], [13, 10, 1], [14])]
    with torch.inference_mode():
        steps = Gpt2Steps(writer.model)
        steps.begin(2)
        found: list[list[torch.Tensor]] = [[], []]
        for turn in range(3):
            some = [chunks[row][turn] for row in range(2)]
            logits = steps.read(some)
            for row in range(2):
                found[row] += list(logits[row, : len(some[row])])
        for row in range(2):
            whole = torch.tensor([piece for some in chunks[row] for piece in some])
            expected = writer.model(input_ids=whole[None]).logits[0]
            assert torch.allclose(torch.stack(found[row]), expected, atol=1e-4)
        steps.keep([1])
        alone = steps.read([[9]])[0, 0]
        longer = torch.cat([whole, torch.tensor([9])])
        assert torch.allclose(alone, writer.model(input_ids=longer[None]).logits[0, -1], atol=1e-4)


def test_no_plans_are_no_texts(writer: Writer) -> None:
    assert writer.write((), 1) == []


def test_a_saved_writer_is_the_same_writer(writer: Writer, tmp_path: Path) -> None:
    save_writer(writer.model, writer.tokenizer, writer.lines, tmp_path)
    again = load_writer(tmp_path)
    assert again.sets == writer.sets
    assert [text.parts for text in again.write(PLANS, 3)] == [text.parts for text in writer.write(PLANS, 3)]


def test_a_folder_without_a_writer_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(WriterMissing, match="storekeep train writer"):
        load_writer(tmp_path)
    with pytest.raises(WriterMissing):
        SharedWriter(tmp_path).write(PLANS, 1)


def test_training_that_was_interrupted_ends_as_one_without_a_break(tmp_path: Path) -> None:
    whole = make_writer(tmp_path / "whole", TINY, lines=LINES)

    class Interrupted(Exception):
        pass

    def stop_in_the_second_round(line: str) -> None:
        if line.startswith("round 1"):
            return
        raise Interrupted

    with pytest.raises(Interrupted):
        make_writer(tmp_path / "broken", TINY, lines=LINES, say=stop_in_the_second_round)
    resumed = make_writer(tmp_path / "broken", TINY, lines=LINES)
    assert (resumed.perplexity_known, resumed.samples) == (whole.perplexity_known, whole.samples)
    assert not (tmp_path / "broken.checkpoint").exists()


def test_a_checkpoint_of_another_training_is_refused(tmp_path: Path) -> None:
    def stop(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_writer(tmp_path / "model", TINY, lines=LINES, say=stop)
    (tmp_path / "model.checkpoint" / "state" / "run.json").write_text('{"step": 1, "lines": 3}')
    with pytest.raises(TrainingMismatch):
        make_writer(tmp_path / "model", TINY, lines=LINES)


def test_places_stand_together_as_often_as_the_root_of_their_lines() -> None:
    many = [Line("hook", "warm", f"{word} the <product>.") for word in "abcdefghi"]
    few = [Line("hook", "warm", "You looked at <interest>: the <product>.")]
    assert places_together([*many, *few]) == {"hook warm": [["product"]] * 3 + [["product", "interest"]]}
