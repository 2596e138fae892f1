"""How soon is a profile up to date, and what do a million shoppers cost in memory and on disk?

Run ``python -m benchmarks.profiles [SHOPPERS]``, 100,000 if not given. Two databases in SQLite: the sample
shop with its demo history, and simulated browsers with 4 to 20 events each on the sample shop's products. One
update is a new event of one shopper folded in and stored, the reading and locking included; searches are
encoded by MiniLM. Figures for a million are those of the simulation times the ratio. Linux only.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, insert, select

from benchmarks.timing import Durations, hardware
from bot.assembly import now
from bot.catalogue import Catalogue
from bot.database.connection import Database
from bot.database.tables import EventRow, ProfileRow
from bot.demo import create_demo
from bot.settings import load_settings
from bot.shoppers.events import Event, Events
from bot.shoppers.product_places import FreshPlaces
from bot.shoppers.profile_folding import Folding
from bot.shoppers.profile_updates import ProfileUpdates
from bot.shoppers.profiles import Profiles
from bot.shoppers.shopper import Shopper
from knowledge_base.encoder import MiniLmEncoder
from knowledge_base.product_vectors import update_product_vectors
from knowledge_base.products import Product

SHOPPERS = 100_000
UPDATES = 200
SEED = 7
QUERIES = ("warm sleeping bag", "coffee grinder", "trail shoes", "wireless headphones", "desk lamp")


def measure(shoppers: int) -> dict[str, object]:
    """Both databases, one after the other."""
    encoder = MiniLmEncoder()
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        demo = Database(f"sqlite:///{directory}/demo.db")
        demo.upgrade()
        create_demo(demo, load_settings().knowledge_dir, now(), SEED, False)
        products = Catalogue(demo).products()
        vectors = update_product_vectors(directory / "vectors", products, encoder)

        def folding(database: Database) -> Folding:
            return Folding(
                FreshPlaces(Catalogue(database), lambda: vectors, now), encoder.encode, encoder.name
            )

        started = time.perf_counter()
        ProfileUpdates(demo, folding(demo), now).update_all()
        demo_seconds = time.perf_counter() - started
        on_demo = {"first_fold_seconds": demo_seconds, **update_figures(demo, folding(demo))}
        demo.close()
        return {
            "hardware": hardware(),
            "sample_shop": on_demo,
            "simulation": simulate(directory / "many.db", products, shoppers, folding),
        }


def simulate(
    file: Path, products: tuple[Product, ...], shoppers: int, folding: Callable[[Database], Folding]
) -> dict[str, object]:
    """Many browsers: their first fold, what they take up, and updates among them."""
    database = Database(f"sqlite:///{file}")
    database.upgrade()
    Catalogue(database).put_products(products)
    count = 0
    for rows in simulated_events(products, shoppers, Random(SEED)):
        count += len(rows)
        with database.session() as session:
            session.execute(insert(EventRow), rows)
    size_before, memory_before = disk_bytes(file), forget_peak_memory()
    started = time.perf_counter()
    ProfileUpdates(database, folding(database), now).update_all()
    seconds = time.perf_counter() - started
    disk, memory = disk_bytes(file) - size_before, peak_memory_bytes() - memory_before
    with database.reading() as session:
        stored = session.scalar(select(func.count()).select_from(ProfileRow)) or 0
    started = time.perf_counter()
    Profiles(database, folding(database)).nearest(Shopper(anonymous_id="sim-0"), 5)
    nearest_seconds = time.perf_counter() - started
    figures = {
        "shoppers": stored,
        "events": count,
        "first_fold_seconds": seconds,
        "events_folded_per_second": count / seconds,
        "peak_memory_grew_by_megabytes": memory / 1e6,
        "profile_disk_megabytes": disk / 1e6,
        "profile_bytes_on_disk_each": disk / stored,
        "profile_disk_gigabytes_per_million": disk / stored / 1e3,
        "nearest_of_all_seconds": nearest_seconds,
        **update_figures(database, folding(database)),
    }
    database.close()
    return figures


def simulated_events(
    products: tuple[Product, ...], shoppers: int, random: Random
) -> Iterator[list[dict[str, object]]]:
    """The rows of 1,000 browsers at a time."""
    today, number = now(), 0
    for start in range(0, shoppers, 1000):
        rows = []
        for shopper in range(start, min(shoppers, start + 1000)):
            favourites = random.sample(products, 6)
            for _ in range(random.randint(4, 20)):
                number += 1
                is_search = random.random() < 0.1
                name = "Products Searched" if is_search else "Product Viewed"
                rows.append(
                    asdict(
                        Event(
                            f"sim-{number}",
                            name,
                            today - timedelta(minutes=random.randrange(1, 365 * 1440)),
                            None,
                            f"sim-{shopper}",
                            None if is_search else random.choice(favourites).sku,
                            {"query": random.choice(QUERIES)} if is_search else {},
                        )
                    )
                )
        yield rows


def update_figures(database: Database, folding: Folding) -> dict[str, object]:
    """Milliseconds of updates and of reading a profile, one shopper at a time."""
    updates, profiles = ProfileUpdates(database, folding, now), Profiles(database, folding)
    updates.update_all()
    with database.reading() as session:
        keys = session.scalars(select(ProfileRow.shopper).order_by(ProfileRow.shopper).limit(5000)).all()
    shoppers = [Shopper.from_key(key) for key in Random(SEED).sample(keys, min(UPDATES, len(keys)))]
    sku = Catalogue(database).products()[0].sku
    views, searches, readings = [], [], []
    for place, shopper in enumerate(shoppers):
        views.append(_time_update(updates, database, shopper, place, sku))
        searches.append(_time_update(updates, database, shopper, place, None))
        started = time.perf_counter()
        profiles.of(shopper)
        readings.append(time.perf_counter() - started)
    return {
        "update_after_a_view_ms": asdict(Durations.of(views)),
        "update_after_a_search_ms": asdict(Durations.of(searches)),
        "reading_a_profile_ms": asdict(Durations.of(readings)),
    }


def _time_update(
    updates: ProfileUpdates, database: Database, shopper: Shopper, place: int, sku: str | None
) -> float:
    """Seconds from a stored event to the stored profile; a search is in words that nobody used before."""
    at: datetime = now()
    name = "Products Searched" if sku is None else "Product Viewed"
    properties = {"query": f"gift number {place} for someone who hikes"} if sku is None else {}
    message = f"bench-{name}-{shopper.key}"[:80]
    event = Event(message, name, at, shopper.customer_id, shopper.anonymous_id, sku, properties)
    Events(database).record([event])
    started = time.perf_counter()
    written = updates.update_all()
    seconds = time.perf_counter() - started
    if written != 1:
        raise RuntimeError(f"one profile should have been written; it were {written}")
    return seconds


def disk_bytes(file: Path) -> int:
    """The database file with its write-ahead log."""
    return sum(path.stat().st_size for path in file.parent.glob(f"{file.name}*"))


def forget_peak_memory() -> int:
    """Bytes that this process holds now; the peak counts from here."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_memory_bytes()


def peak_memory_bytes() -> int:
    """The most that this process held since the peak was forgotten."""
    status = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def main(shoppers: int = SHOPPERS) -> dict[str, object]:
    """The figures as one JSON object on stdout."""
    result = measure(shoppers)
    print(json.dumps(result))
    return result


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SHOPPERS)
