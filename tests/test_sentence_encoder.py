"""Does the encoder inside Rasa give one vector a text, load late, and remember only so many?"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from bot.encoder_export import is_up_to_date
from bot.rasa.sentence_encoder import EncoderMissing, SentenceEncoder, encoder_dir, encoder_fingerprint


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """An encoder whose vector is (sum of the token ids, number of tokens)."""
    ids, mask = (
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
        for name in ("input_ids", "attention_mask")
    )
    vector = helper.make_tensor_value_info("sentence_vector", TensorProto.FLOAT, ["texts", 2])
    axes = helper.make_tensor("axes", TensorProto.INT64, [1], [1])
    nodes = [
        helper.make_node("ReduceSum", ["input_ids", "axes"], ["total"], keepdims=1),
        helper.make_node("ReduceSum", ["attention_mask", "axes"], ["count"], keepdims=1),
        helper.make_node("Concat", ["total", "count"], ["both"], axis=1),
        helper.make_node("Cast", ["both"], ["sentence_vector"], to=TensorProto.FLOAT),
    ]
    graph = helper.make_graph(nodes, "tiny", [ids, mask], [vector], [axes])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, tmp_path / "model.onnx")
    tokenizer = Tokenizer(WordLevel({"?": 0, "one": 1, "two": 2}, unk_token="?"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "source.json").write_text(json.dumps({"fingerprint": "abc"}), encoding="utf-8")
    return tmp_path


def test_a_text_becomes_the_vector_of_its_tokens(exported: Path) -> None:
    assert SentenceEncoder(exported).encode("one two two").tolist() == [5.0, 3.0]


def test_a_text_without_words_has_a_vector_too(exported: Path) -> None:
    assert SentenceEncoder(exported).encode("").tolist() == [0.0, 0.0]


def test_only_the_beginning_of_a_long_text_counts(exported: Path) -> None:
    vector = SentenceEncoder(exported).encode("one " * 5000)
    assert vector.tolist() == [128.0, 128.0]


def test_a_text_seen_lately_is_not_encoded_again(exported: Path) -> None:
    encoder = SentenceEncoder(exported, remembered=2)
    first = encoder.encode("one")
    encoder.encode("two")
    assert encoder.encode("one") is first
    encoder.encode("one two")
    assert encoder.encode("one") is first
    again = encoder.encode("two")
    assert np.array_equal(again, [2.0, 1.0])


def test_no_export_is_told_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissing, match="storekeep export-encoder"):
        SentenceEncoder(tmp_path).encode("one")


def test_the_fingerprint_is_that_of_the_weights(exported: Path) -> None:
    assert encoder_fingerprint(exported) == "abc"
    assert is_up_to_date(exported, "abc")
    assert not is_up_to_date(exported, "abd")


def test_half_an_export_is_not_up_to_date(exported: Path) -> None:
    (exported / "model.onnx").unlink()
    assert not is_up_to_date(exported, "abc")


def test_the_export_lies_in_the_data_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREKEEP_DATA_DIR", "/somewhere")
    assert encoder_dir() == Path("/somewhere/models/minilm")
