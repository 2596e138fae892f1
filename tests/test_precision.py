"""Does the reader choose the number format that its processor is good at?"""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.reader.precision import Precision, fitting_precision, processor_flags


@pytest.mark.parametrize(
    ("flags", "precision"),
    [
        ({"avx512f", "avx512_vnni", "amx_bf16"}, "bfloat16"),
        ({"avx512f", "avx512_vnni"}, "float32"),
        ({"avx2"}, "float32"),
        (set(), "float32"),
    ],
)
def test_each_processor_gets_what_it_is_quick_at(flags: set[str], precision: Precision) -> None:
    assert fitting_precision(frozenset(flags)) == precision


def test_flags_are_read_as_linux_writes_them(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("processor\t: 0\nflags\t\t: fpu avx2 avx_vnni\nbugs\t\t:\n")

    assert processor_flags(info) == {"fpu", "avx2", "avx_vnni"}


def test_a_system_that_does_not_say_has_no_flags(tmp_path: Path) -> None:
    assert processor_flags(tmp_path / "missing") == frozenset()
