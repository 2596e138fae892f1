"""Do our components keep their promises inside Rasa, in its own environment?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.encoder_export import export_encoder, packaged_encoder_dir

PROJECT = Path(__file__).parent.parent
RASA_PYTHON = PROJECT / ".venv-rasa" / "bin" / "python"

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not RASA_PYTHON.exists(), reason="needs Rasa's environment: make setup"),
]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("rasa")
    export_in_own_process(folder / "models" / "minilm")
    variables = {
        **os.environ,
        "STOREKEEP_DATA_DIR": str(folder),
        "PYTHONPATH": str(PROJECT),
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
    }
    command = [str(RASA_PYTHON), str(PROJECT / "tests" / "rasa_side.py"), str(folder)]
    result = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=180, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
    return json.loads(result.stdout.splitlines()[-1])


def export_in_own_process(target: Path) -> None:
    """torch's exporter warns about itself, and here warnings are errors."""
    code = "import sys, pathlib; from bot import encoder_export as e; "
    code += "e.export_encoder(e.packaged_encoder_dir(), pathlib.Path(sys.argv[1]))"
    command = [sys.executable, "-W", "ignore", "-c", code, str(target)]
    subprocess.run(command, cwd=PROJECT, check=True, timeout=180)
    assert export_encoder(packaged_encoder_dir(), target) is False


def test_a_talk_is_bounded_and_survives_a_restart(seen: Any) -> None:
    assert seen["talks"] == {
        "texts": ["message 3", "message 4"],
        "slot": "SKU-4",
        "in_memory": ["d", "e"],
        "after_cut_off": "action_listen",
        "unknown": None,
        "keys": ["a", "b", "c", "d", "e"],
        "mode": "0o600",
    }


def test_every_message_has_sentence_features_of_the_same_length(seen: Any) -> None:
    assert seen["features"] == {"shapes": [[1, 384], [1, 384]], "lengths": [10.0, 10.0]}


def test_the_opening_words_of_a_button_are_its_intent_and_other_words_stay_as_they_were(seen: Any) -> None:
    found = {"name": "recommend", "confidence": 1.0}
    assert seen["openings"] == [[found, [found]], [{"name": "deny"}, None], [None, None]]


def test_replies_of_actions_are_still_checked(seen: Any) -> None:
    assert seen["replies"] == {"good": True, "no_list": False, "no_name": False}


def test_the_export_gives_the_vectors_of_the_original(tmp_path: Path) -> None:
    import numpy as np
    from sentence_transformers import SentenceTransformer

    from bot.rasa.sentence_encoder import SentenceEncoder

    export_in_own_process(tmp_path / "minilm")
    exported = SentenceEncoder(tmp_path / "minilm")
    original = SentenceTransformer(str(packaged_encoder_dir()), device="cpu")
    for text in ("hi", "where is my order LK-100234?", "How long does the battery last with GPS on? " * 5):
        expected = original.encode(text, normalize_embeddings=True)
        assert float(np.dot(exported.encode(text), expected)) > 0.9999
