"""Is Rasa trained when its inputs changed, and only then?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.rasa_model import (
    RasaMissing,
    RasaTrainingFailed,
    ensure_rasa_model,
    inputs_fingerprint,
    rasa_variables,
)

# Like "rasa train --fixed-model-name NAME --out DIR", and cuts the name at its last dot as Rasa does.
TRAINS = """#!/bin/sh
echo "$@" >> "$STOREKEEP_DATA_DIR/calls"
[ "$1" = train ] && [ "$2" = --fixed-model-name ] && [ "$4" = --out ] || exit 9
echo model > "$5/${3%.*}.tar.gz"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with dialogue files, an environment beside it, and an empty data directory."""
    project = tmp_path / "project"
    (project / "data/nlu").mkdir(parents=True)
    (project / "bot/rasa").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    for name in ("config.yml", "domain.yml", "data/rules.yml", "data/nlu/orders.yml", "bot/rasa/features.py"):
        (project / name).write_text(name)
    return project


def install(project: Path, script: str) -> Path:
    program = project.parent / "environment/bin/rasa"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(script)
    program.chmod(0o755)
    return program.parent.parent


def ensure(project: Path, said: list[str] | None = None) -> Path:
    said = [] if said is None else said
    return ensure_rasa_model(project, project.parent / "environment", project.parent / "data", said.append)


@pytest.mark.parametrize(
    "name", ["config.yml", "domain.yml", "data/rules.yml", "data/nlu/orders.yml", "bot/rasa/features.py"]
)
def test_every_input_counts(project: Path, name: str) -> None:
    before = inputs_fingerprint(project)
    (project / name).write_text("changed")
    assert inputs_fingerprint(project) != before


def test_a_new_a_moved_and_a_removed_file_count(project: Path) -> None:
    seen = {inputs_fingerprint(project)}
    (project / "data/new.yaml").write_text("new")
    seen.add(inputs_fingerprint(project))
    (project / "data/new.yaml").rename(project / "data/other.yaml")
    seen.add(inputs_fingerprint(project))
    (project / "requirements").mkdir()
    (project / "requirements/rasa.txt").write_text("rasa==3.6.21")
    seen.add(inputs_fingerprint(project))
    assert len(seen) == 4


def test_what_rasa_does_not_read_does_not_count(project: Path) -> None:
    before = inputs_fingerprint(project)
    (project / "README.md").write_text("changed")
    (project / "data/notes.txt").write_text("changed")
    assert inputs_fingerprint(project) == before


@pytest.mark.parametrize("name", ["config.yml", "domain.yml"])
def test_outside_the_projects_folder_it_says_so(project: Path, name: str) -> None:
    (project / name).unlink()
    with pytest.raises(RasaMissing, match=rf"{name} is not in .*: start storekeep in the project's folder"):
        ensure(project)


def test_a_missing_environment_is_told_with_what_to_do(project: Path) -> None:
    with pytest.raises(RasaMissing, match=r"environment/bin/rasa does not exist: run 'make setup'"):
        ensure(project)


def test_it_is_trained_once(project: Path) -> None:
    install(project, TRAINS)
    said: list[str] = []
    model = ensure(project, said)
    assert (model.name, model.read_text()) == (f"{inputs_fingerprint(project)}.tar.gz", "model\n")
    assert ensure(project, said) == model
    assert said == ["training Rasa on the dialogue files (about a minute)"]
    assert len((project.parent / "data/calls").read_text().splitlines()) == 1


def test_changed_files_are_trained_anew_and_a_model_of_old_ones_is_found_again(project: Path) -> None:
    install(project, TRAINS)
    first = ensure(project)
    (project / "domain.yml").write_text("changed")
    second = ensure(project)
    (project / "domain.yml").write_text("domain.yml")
    assert first != second
    assert ensure(project) == first


@pytest.mark.parametrize("script", ["#!/bin/sh\nexit 3\n", "#!/bin/sh\necho half > $5/$3.tar.gz\nexit 3\n"])
def test_a_training_that_fails_keeps_the_old_model_and_is_tried_again(project: Path, script: str) -> None:
    install(project, TRAINS)
    old = ensure(project)
    (project / "domain.yml").write_text("changed")
    install(project, script)
    with pytest.raises(RasaTrainingFailed, match="exit code 3"):
        ensure(project)
    assert old.exists()
    install(project, "#!/bin/sh\nexit 0\n")
    with pytest.raises(RasaTrainingFailed, match="exit code 0"):
        ensure(project)
    install(project, TRAINS)
    assert ensure(project).read_text() == "model\n"


def test_a_few_old_models_are_kept(project: Path) -> None:
    install(project, TRAINS)
    models = []
    for number in range(5):
        (project / "domain.yml").write_text(str(number))
        models.append(ensure(project))
        os.utime(models[-1], (number, number))
    assert [model.exists() for model in models] == [False, False, True, True, True]


def test_rasa_sends_no_telemetry_and_knows_our_data(tmp_path: Path) -> None:
    variables = rasa_variables(tmp_path / "data")
    assert variables["RASA_TELEMETRY_ENABLED"] == "false"
    assert variables["STOREKEEP_DATA_DIR"] == str(tmp_path / "data")
