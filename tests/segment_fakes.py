"""Shoppers of three kinds that anyone would tell apart, drawn from a seed."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import numpy as np
from shopper_fakes import NOON, axis

from bot.shoppers.behaviour import Behaviour, Encounter, Liking
from bot.shoppers.profiles import Profile
from bot.shoppers.shopper import Shopper

KINDS = ("Coffee", "Tents", "Lamps")
"""Coffee is bought much and in the evening, tents are looked at in the morning, lamps at the weekend."""


def shopper(kind: str, number: int, random: Random) -> Profile:
    """One of a kind, with a little of another."""
    other = random.choice(KINDS)
    buys = kind == "Coffee"
    events = random.randint(8, 20)
    hour = {"Coffee": 20, "Tents": 8, "Lamps": 13}[kind]
    day = 5 if kind == "Lamps" else random.randrange(5)
    orders = random.randint(3, 6) if buys else 0
    counts = {"Product Viewed": events, **({"Order Completed": orders} if orders else {})}
    acts = sum(counts.values())
    direction = axis(KINDS.index(kind)) + 0.3 * axis(random.randrange(4))
    return Profile(
        Shopper(anonymous_id=f"{kind}-{number}"),
        Behaviour(
            counts=counts,
            first_seen=NOON - timedelta(days=90),
            last_seen=NOON - timedelta(days=random.randint(1, 30)),
            last_order_at=NOON if orders else None,
            items_bought=2 * orders,
            spend_cents={"EUR": 3000 * orders} if orders else {},
            categories={kind: Liking(8.0, events), other: Liking(8.5 if other == kind else 0.5, 1)},
            price_sum=0.5,
            price_weight=1.0,
            hours=tuple(acts if each == hour else 0 for each in range(24)),
            weekdays=tuple(acts if each == day else 0 for each in range(7)),
            channels={"web": acts},
            seen=(Encounter(f"{kind}-{random.randrange(3)}", NOON), Encounter("everybodys", NOON)),
        ),
        np.asarray(direction / np.linalg.norm(direction), dtype=np.float32),
    )


def shoppers(of_each: int = 40, seed: int = 1) -> list[Profile]:
    """As many of each kind, mixed."""
    random = Random(seed)
    made = [shopper(kind, number, random) for kind in KINDS for number in range(of_each)]
    return random.sample(made, k=len(made))
