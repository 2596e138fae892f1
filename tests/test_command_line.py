"""Does every command say what is wrong in one sentence, with the exit code that scripts rely on?"""

from __future__ import annotations

import json
import os
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli.ask import as_contract
from bot.cli.failures import BadInput, Failed, told
from bot.cli.storekeep import COMMANDS, main
from bot.settings import Settings
from knowledge_base.answers import Answer, Source


@pytest.fixture(autouse=True)
def _own_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"STOREKEEP_{name.upper()}", raising=False)
    monkeypatch.setenv("STOREKEEP_DATA_DIR", str(tmp_path / "data"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_the_help_lists_every_command() -> None:
    result = run("--help")
    listed = [
        line.split()[0] for line in result.stdout.partition("Commands:\n")[2].splitlines() if line[2:3] != " "
    ]
    assert (result.exit_code, listed) == (0, list(COMMANDS))


def test_waiting_threads_of_models_sleep_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    # Set first, so that monkeypatch takes it away afterwards.
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    run("ask", "--help")
    assert os.environ["OMP_WAIT_POLICY"] == "active"
    monkeypatch.delenv("OMP_WAIT_POLICY")
    run("ask", "")
    assert os.environ["OMP_WAIT_POLICY"] == "passive"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_its_module_and_explains_itself(name: str) -> None:
    assert isinstance(import_module(COMMANDS[name]).command, click.Command)
    result = run(name, "--help")
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) > 3


def test_it_says_its_version() -> None:
    assert run("--version").stdout == "storekeep, version 0.1.0\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["frobnicate"], "No such command 'frobnicate'"),
        (["ask"], "Missing argument 'QUESTION'"),
        (["ask", "  "], "a question has 1 to 2000 characters; came 0"),
        (["ask", "x" * 2001], "a question has 1 to 2000 characters; came 2001"),
        (["train", "reader"], "Missing option '--out'"),
        (["train", "reader", "--out", "m", "/nowhere.json"], "/nowhere.json: there is no such file"),
        (["train", "reader", "--out", "m", "--epochs", "0"], "0.0 is not in the range x>0"),
        (["train", "reader", "--out", "m", "--batch-size", "0"], "0 is not in the range 1<=x<=1024"),
        (["evaluate", "reader", "/nowhere.json"], "File '/nowhere.json' does not exist"),
        (["evaluate", "answers", "/nowhere.jsonl"], "File '/nowhere.jsonl' does not exist"),
    ],
)
def test_bad_input_ends_with_2_and_a_sentence(arguments: list[str], told: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_of_no_known_format_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "q.json").write_text("{}")
    result = run("evaluate", "reader", str(tmp_path / "q.json"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {tmp_path}/q.json: not one of the known question formats")


def test_a_broken_answer_file_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"question": "q"}\n')
    result = run("evaluate", "answers", str(tmp_path / "a.jsonl"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {tmp_path}/a.jsonl, line 1: expected question, passages")


@pytest.mark.parametrize("arguments", [["ask", "how heavy?"], ["index"]])
def test_an_unknown_setting_is_bad_input(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.setenv("STOREKEEP_DATADIR", "x")
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "Error: STOREKEEP_DATADIR is not a setting. The nearest one is STOREKEEP_DATA_DIR.\n"
    )


def test_an_invalid_setting_is_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREKEEP_ANSWER_THRESHOLD", "1.5")
    result = run("ask", "how heavy?")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "STOREKEEP_ANSWER_THRESHOLD" in result.stderr
    assert "1.5" in result.stderr


def test_what_fails_ends_with_1_and_what_is_wrong_with_2() -> None:
    with (
        pytest.raises(Failed, match="broke") as failure,
        told(bad_input=(ValueError,), failed=(UnicodeError,)),
    ):
        raise UnicodeError("broke")
    with pytest.raises(BadInput, match="wrong") as bad, told(bad_input=(ValueError,), failed=(UnicodeError,)):
        raise ValueError("wrong")
    with pytest.raises(Failed, match=r"^No space left on device: /x$"), told():
        raise OSError(28, "No space left on device", "/x")
    assert (failure.value.exit_code, bad.value.exit_code) == (1, 2)


def test_an_error_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), told(bad_input=(ValueError,)):
        raise ZeroDivisionError


def test_an_answer_has_the_shape_that_others_rely_on() -> None:
    source = Source("product", "AUD-001", "Fjell", 18, 26, "AUD-001")
    assert json.loads(
        json.dumps(as_contract(Answer("38 hours", 0.98765, source, "The battery ...", 12.34)))
    ) == {
        "answer": "38 hours",
        "confidence": 0.9877,
        "source": {"kind": "product", "id": "AUD-001", "title": "Fjell", "start": 18, "end": 26},
        "passage": "The battery ...",
        "milliseconds": 12.3,
    }
    assert as_contract(Answer(None, 0.1, None, None, 1.0)) == {
        "answer": None,
        "confidence": 0.1,
        "source": None,
        "passage": None,
        "milliseconds": 1.0,
    }
