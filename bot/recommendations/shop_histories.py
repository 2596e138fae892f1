"""Which histories does the shop's own data hold, and how are they kept while a training goes on?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from bot.recommendations.interactions import BOUGHT, Choice, History, Interactions, gather
from bot.recommendations.shopper_choices import choices_in, each_once
from bot.shoppers.events import Event
from bot.shoppers.shopper import Shopper


@dataclass(frozen=True)
class ShopHistories:
    """`interactions` over the given products, each item once in a history, users are shoppers' keys;
    `purchases` are places with times, one list a shopper.
    """

    interactions: Interactions
    purchases: tuple[tuple[tuple[int, datetime], ...], ...]


def shop_histories(events: Iterable[Event], skus: Sequence[str]) -> ShopHistories:
    """`events` in any order; those of products that are not in `skus` are left out. Shoppers in the order of
    their keys.
    """
    by_shopper: dict[str, list[Event]] = {}
    for event in events:
        shopper = (
            Shopper(event.customer_id)
            if event.customer_id is not None
            else Shopper(anonymous_id=event.anonymous_id)
        )
        by_shopper.setdefault(shopper.key, []).append(event)
    places = {sku: place for place, sku in enumerate(skus)}
    chosen: list[tuple[str, list[Choice]]] = []
    purchases: list[tuple[tuple[int, datetime], ...]] = []
    for key in sorted(by_shopper):
        choices = choices_in(sorted(by_shopper[key], key=lambda event: event.at))
        known = [choice for choice in choices if choice.item in places]
        chosen.append((key, each_once(known, at_last=False)))
        bought = [(places[c.item], c.at) for c in known if c.kind == BOUGHT and c.at is not None]
        if len(bought) > 1:
            purchases.append(tuple(bought))
    return ShopHistories(gather(chosen, skus), tuple(purchases))


def save_interactions(interactions: Interactions, path: Path) -> None:
    """Without the users' names: a training needs none. Written aside and put into place."""
    histories = interactions.histories
    draft = path.with_name(path.name + ".draft")
    with draft.open("wb") as file:
        np.savez(
            file,
            items=np.array(interactions.items, dtype=np.str_),
            lengths=np.array([len(history) for history in histories], dtype=np.int64),
            chosen=np.concatenate([history.items for history in histories]),
            kinds=np.concatenate([history.kinds for history in histories]),
        )
    draft.replace(path)


def open_interactions(path: Path) -> Interactions:
    """What `save_interactions` wrote; users are numbers in their order."""
    with np.load(path) as stored:
        ends = np.cumsum(stored["lengths"])[:-1]
        chosen, kinds = np.split(stored["chosen"], ends), np.split(stored["kinds"], ends)
        histories = tuple(
            History(str(number), items, done)
            for number, (items, done) in enumerate(zip(chosen, kinds, strict=True))
        )
        return Interactions(tuple(str(item) for item in stored["items"]), histories)
