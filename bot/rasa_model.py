"""Is the trained Rasa model still that of the present dialogue files, and how is it made if not?"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

DIALOGUE_FILES = ("config.yml", "domain.yml")
_KEPT_MODELS = 3
_SHOWN_LINES = 12


class RasaMissing(RuntimeError):
    """Rasa's environment or the dialogue files are not where they should be; the message says what to do."""


class RasaTrainingFailed(RuntimeError):
    """``rasa train`` ended with an error; the message has its last lines and names its log."""


def rasa_program(environment: Path) -> Path:
    """The ``rasa`` command of its own environment. Raises RasaMissing."""
    program = environment / "bin" / "rasa"
    if not program.exists():
        raise RasaMissing(
            f"{program} does not exist: run 'make setup', which installs Rasa under Python 3.10"
        )
    return program.absolute()


def rasa_variables(data_dir: Path) -> dict[str, str]:
    """The environment of every Rasa process: no telemetry, few threads, quiet TensorFlow."""
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "STOREKEEP_DATA_DIR": str(data_dir.absolute()),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
    }


def inputs_fingerprint(project_dir: Path) -> str:
    """Changes when anything does that ``rasa train`` reads: dialogue files, our components, Rasa's locked
    version.

    Raises RasaMissing if config.yml, domain.yml or data/ is not in ``project_dir``.
    """
    for name in (*DIALOGUE_FILES, "data"):
        if not (project_dir / name).exists():
            raise RasaMissing(
                f"{name} is not in {project_dir.absolute()}: start storekeep in the project's folder"
            )
    digest = hashlib.sha256()
    for path in _inputs(project_dir):
        digest.update(str(path.relative_to(project_dir)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _inputs(project_dir: Path) -> Iterator[Path]:
    yield from (project_dir / name for name in DIALOGUE_FILES)
    yield from sorted(path for path in (project_dir / "data").rglob("*") if path.suffix in (".yml", ".yaml"))
    yield from sorted((project_dir / "bot" / "rasa").rglob("*.py"))
    lock = project_dir / "requirements" / "rasa.txt"
    if lock.exists():
        yield lock


def ensure_rasa_model(
    project_dir: Path, environment: Path, data_dir: Path, say: Callable[[str], None]
) -> Path:
    """The model file of the present inputs, trained now if there is none. Raises RasaMissing or
    RasaTrainingFailed."""
    models = data_dir / "rasa"
    name = inputs_fingerprint(project_dir)
    model = models / f"{name}.tar.gz"
    if model.exists():
        return model
    say("training Rasa on the dialogue files (about a minute)")
    models.mkdir(parents=True, exist_ok=True)
    command = [
        str(rasa_program(environment)),
        "train",
        "--fixed-model-name",
        f"{name}-new",
        "--out",
        str(models.absolute()),
    ]
    trained = models / f"{name}-new.tar.gz"
    trained.unlink(missing_ok=True)
    log = models / "train.log"
    with log.open("wb") as output:
        code = subprocess.run(
            command,
            cwd=project_dir,
            env=rasa_variables(data_dir),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if code != 0 or not trained.exists():
        last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-_SHOWN_LINES:]
        raise RasaTrainingFailed(
            "\n".join([*last, f"'rasa train' ended with exit code {code}; its whole log is {log}"])
        )
    trained.rename(model)
    for old in sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)[:-_KEPT_MODELS]:
        old.unlink()
    return model
