"""Who is this shopper, as far as the shop may know?"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.database.connection import Database
from bot.database.tables import ProfileRow, TraitRow
from bot.shoppers.behaviour import Behaviour
from bot.shoppers.product_places import Vector
from bot.shoppers.profile_folding import Folded, Folding
from bot.shoppers.profile_rows import (
    event_counts,
    events_of,
    folded_of,
    last_event_id,
    profiled,
    stored_profiles,
)
from bot.shoppers.shopper import Shopper

ROWS_AT_ONCE = 2000


@dataclass(frozen=True)
class GivenTrait:
    """What a customer said of themselves, such as an age band, and when."""

    name: str
    value: str
    given_at: datetime


@dataclass(frozen=True)
class Profile:
    """What the shop knows of a shopper. `embedding` is float32 of shape (384,) and length 1, None while
    nothing with a meaning was seen. `traits` are only what the customer gave, in the order of their names."""

    shopper: Shopper
    behaviour: Behaviour
    embedding: Vector | None = None
    traits: tuple[GivenTrait, ...] = ()


@dataclass(frozen=True)
class Neighbour:
    """Another shopper with the cosine of both embeddings, -1 to 1."""

    shopper: Shopper
    similarity: float


class Profiles:
    """Reads profiles; `bot.shoppers.profile_updates` writes them. Safe to use from several threads."""

    def __init__(self, database: Database, folding: Folding) -> None:
        self._database = database
        self._folding = folding

    def of(self, shopper: Shopper) -> Profile | None:
        """The shopper with everything done up to now, whether it is stored already or not.

        None for a customer who is unknown or did not agree to profiling, and for a browser without events.
        """
        with self._database.reading() as session:
            if not profiled(session, [shopper]):
                return None
            traits = _traits(session, shopper)
            before = stored_profiles(session, [shopper]).get(shopper, self._folding.empty)
            through = last_event_id(session)
            count = event_counts(session, [shopper], through).get(shopper, 0)
            if count == before.behaviour.events:
                return self._profile(shopper, before, traits)
            events = events_of(session, [shopper], through)[shopper]
        newer = [each.event for each in events if each.id > before.through]
        if before.behaviour.events + len(newer) != count:
            # Events came or went behind the profile's back, as when a browser's became the customer's.
            before, newer = self._folding.empty, [each.event for each in events]
        return self._profile(shopper, self._folding.fold([before], [newer])[0], traits)

    def stored(self) -> Iterator[Profile]:
        """All stored profiles without traits, in the order of their keys, a few in memory at a time."""
        last = ""
        while True:
            query = select(ProfileRow).where(ProfileRow.shopper > last).order_by(ProfileRow.shopper)
            with self._database.reading() as session:
                rows = [
                    (Shopper.from_key(row.shopper), folded_of(row))
                    for row in session.scalars(query.limit(ROWS_AT_ONCE))
                ]
            if not rows:
                return
            for shopper, folded in rows:
                yield Profile(shopper, folded.behaviour, _embedding(folded))
            last = rows[-1][0].key

    def count(self) -> int:
        """How many profiles are stored."""
        with self._database.reading() as session:
            return session.scalar(select(func.count()).select_from(ProfileRow)) or 0

    def nearest(self, shopper: Shopper, count: int) -> tuple[Neighbour, ...]:
        """The stored shoppers whose embeddings are nearest, best first, ties by key; none if this one has no
        embedding.

        For the shop's own tools: no shopper is ever shown another.
        """
        profile = self.of(shopper)
        if profile is None or profile.embedding is None or count < 1:
            return ()
        best: list[tuple[float, str]] = []
        for keys, matrix in self._embeddings():
            similarities = matrix @ profile.embedding
            for place in np.argsort(-similarities)[: count + 1]:
                if keys[place] != shopper.key:
                    best.append((-float(similarities[place]), keys[place]))
            best = heapq.nsmallest(count, best)
        return tuple(Neighbour(Shopper.from_key(key), min(1.0, -distance)) for distance, key in best)

    def _embeddings(self) -> Iterator[tuple[list[str], Vector]]:
        query = (
            select(ProfileRow.shopper, ProfileRow.embedding)
            .where(ProfileRow.embedding.is_not(None))
            .execution_options(yield_per=ROWS_AT_ONCE)
        )
        with self._database.reading() as session:
            for rows in session.execute(query).partitions():
                data = b"".join(embedding for _, embedding in rows if embedding is not None)
                yield [key for key, _ in rows], np.frombuffer(data, dtype="<f4").reshape(len(rows), -1)

    @staticmethod
    def _profile(shopper: Shopper, folded: Folded, traits: tuple[GivenTrait, ...]) -> Profile | None:
        if shopper.customer_id is None and folded.behaviour.events == 0:
            return None
        return Profile(shopper, folded.behaviour, _embedding(folded), traits)


def _embedding(folded: Folded) -> Vector | None:
    return None if folded.meaning is None else folded.meaning.direction


def _traits(session: Session, shopper: Shopper) -> tuple[GivenTrait, ...]:
    if shopper.customer_id is None:
        return ()
    rows = session.scalars(
        select(TraitRow).where(TraitRow.customer_id == shopper.customer_id).order_by(TraitRow.name)
    )
    return tuple(GivenTrait(row.name, row.value, row.given_at) for row in rows)
