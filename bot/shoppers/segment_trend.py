"""How large were the segments some days ago? The events up to then are folded anew, and the counts kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from sqlalchemy import delete, insert, select

from bot.database.connection import Database
from bot.database.tables import SegmentCountRow
from bot.shoppers.profile_folding import Folding
from bot.shoppers.profile_rows import events_of, last_event_id
from bot.shoppers.profiles import Profile
from bot.shoppers.segments import SegmentModel
from bot.shoppers.shopper import Shopper

DAYS_BACK = 30
SHOPPERS_AT_ONCE = 500


class SegmentTrend:
    """The sizes of a model's segments at the end of past days, in UTC."""

    def __init__(self, database: Database, folding: Folding) -> None:
        self._database = database
        self._folding = folding

    def sizes(
        self,
        version: str,
        model: SegmentModel,
        shoppers: Iterable[Shopper],
        day: date,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[int, ...]:
        """How many of these shoppers were in each segment at the end of a past `day`. Who had not come yet is
        in none.

        Counted once for a version and day. `progress` is told how many shoppers are done after each batch.
        """
        kept = self._kept(version, day, len(model.segments))
        if kept is not None:
            return kept
        at = datetime.combine(day + timedelta(days=1), time(), UTC)
        sizes = [0] * len(model.segments)
        for batch in _batches(shoppers):
            for label in model.assign(self._profiles_at(batch, at), at):
                sizes[label] += 1
            if progress is not None:
                progress(len(batch))
        self._keep(version, day, sizes)
        return tuple(sizes)

    def _profiles_at(self, shoppers: list[Shopper], at: datetime) -> list[Profile]:
        with self._database.reading() as session:
            events = events_of(session, shoppers, last_event_id(session))
        past = {
            shopper: [each.event for each in found if each.event.at < at] for shopper, found in events.items()
        }
        past = {shopper: found for shopper, found in past.items() if found}
        folded = self._folding.fold([self._folding.empty] * len(past), list(past.values()))
        return [
            Profile(shopper, each.behaviour, None if each.meaning is None else each.meaning.direction)
            for shopper, each in zip(past, folded, strict=True)
        ]

    def _kept(self, version: str, day: date, segments: int) -> tuple[int, ...] | None:
        query = select(SegmentCountRow).where(SegmentCountRow.version == version, SegmentCountRow.day == day)
        with self._database.reading() as session:
            rows = {row.segment: row.shoppers for row in session.scalars(query)}
        return tuple(rows[number] for number in range(segments)) if len(rows) == segments else None

    def _keep(self, version: str, day: date, sizes: list[int]) -> None:
        rows = [
            {"version": version, "day": day, "segment": number, "shoppers": size}
            for number, size in enumerate(sizes)
        ]
        with self._database.session() as session:
            self._database.hold(session, "segment counts")
            session.execute(
                delete(SegmentCountRow)
                .where(SegmentCountRow.version == version, SegmentCountRow.day == day)
                .execution_options(synchronize_session=False)
            )
            session.execute(insert(SegmentCountRow), rows)


def _batches(shoppers: Iterable[Shopper]) -> Iterator[list[Shopper]]:
    waiting = iter(shoppers)
    while batch := list(islice(waiting, SHOPPERS_AT_ONCE)):
        yield batch
