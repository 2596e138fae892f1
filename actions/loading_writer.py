"""What does an offer find while the writer is still loading? One that waits a little for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actions.loading_model import LoadingModel
from bot.promotions.plans import Plan
from bot.promotions.writer import Writes, Written


class LoadingWriter(LoadingModel[Writes]):
    """Writes as soon as it is loaded. Everything raises ModelNotReady."""

    @property
    def sets(self) -> Mapping[str, Sequence[Sequence[str]]]:
        return self.loaded().sets

    def write(self, plans: Sequence[Plan], seed: int) -> list[Written]:
        return self.loaded().write(plans, seed)
