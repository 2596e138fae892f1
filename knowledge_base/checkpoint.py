"""How does a training that was interrupted go on? Weights and optimiser on disk, replaced as a whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from torch import nn


class TrainingMismatch(ValueError):
    """A checkpoint on disk belongs to another run (other settings or other data)."""


def save_checkpoint(
    directory: Path,
    run: Mapping[str, Any],
    done: int,
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
) -> None:
    """`run` tells this run from others, in what JSON can hold; `done` counts its steps or passes.

    Writes beside the last checkpoint and swaps: a crash in between leaves one of the two whole.
    """
    from safetensors.torch import save_file, save_model

    fresh, old = directory.with_name(directory.name + ".new"), directory.with_name(directory.name + ".old")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    save_model(model, str(fresh / "model.safetensors"))
    state = optimiser.state_dict()["state"]
    moments = {f"{index}.{key}": value for index, entry in state.items() for key, value in entry.items()}
    save_file(moments, fresh / "optimiser.safetensors")
    (fresh / "run.json").write_text(json.dumps({**run, "step": done}))
    if directory.exists():
        shutil.rmtree(old, ignore_errors=True)
        directory.rename(old)
    fresh.rename(directory)
    shutil.rmtree(old, ignore_errors=True)


def resume_checkpoint(
    directory: Path, run: Mapping[str, Any], model: nn.Module, optimiser: torch.optim.Optimizer
) -> int:
    """Loads what `save_checkpoint` wrote and gives its `done`; 0, and nothing loaded, where there is none.

    Raises TrainingMismatch if it is of another run.
    """
    from safetensors.torch import load_file, load_model

    old = directory.with_name(directory.name + ".old")
    if not directory.exists() and old.exists():
        old.rename(directory)
    if not (directory / "run.json").exists():
        return 0
    found = json.loads((directory / "run.json").read_text())
    done = int(found.pop("step"))
    if found != json.loads(json.dumps(run)):
        raise TrainingMismatch(
            f"{directory} holds a checkpoint of {found}, this run is {dict(run)}; "
            "use another directory or delete it"
        )
    load_model(model, str(directory / "model.safetensors"))
    state = optimiser.state_dict()
    for name, value in load_file(directory / "optimiser.safetensors").items():
        index, key = name.split(".")
        state["state"].setdefault(int(index), {})[key] = value
    optimiser.load_state_dict(state)
    return done
