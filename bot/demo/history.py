"""What happened in the demo shop in the last 18 months: who came when, looked at what and bought what?"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random

from bot.customers import Customer
from bot.demo.anna import annas_orders
from bot.demo.demo_customers import HISTORY
from bot.demo.demo_orders import DemoOrder, draw_progress, order_number, order_of
from bot.demo.tastes import Shelves
from bot.demo.visits import Purchase, Shopper, Step, browse, buy, buy_exactly
from bot.shoppers.events import Event
from bot.shoppers.shop_events import order_event_id

LONGEST_VISIT = timedelta(minutes=45)
RECENT = timedelta(days=7)
RECENT_SHARE = 0.08
SIGNED_IN_SHARE = 0.6
OWN_BROWSER_SHARE = 0.5
REVIEWED_SHARE = 0.12


@dataclass(frozen=True)
class SignedInBrowser:
    """A browser in which a customer signed in, the last time at `at`."""

    anonymous_id: str
    customer_id: str
    at: datetime


@dataclass(frozen=True)
class History:
    """Orders by rising number, events by rising time. Of customers who do not agree to profiling there are
    orders, but no events and no browsers.
    """

    orders: tuple[DemoOrder, ...]
    events: tuple[Event, ...]
    browsers: tuple[SignedInBrowser, ...]


class Historian:
    """Makes the history visit by visit, from one source of randomness."""

    def __init__(self, shelves: Shelves, today: datetime, random: Random) -> None:
        self._shelves = shelves
        self._today = today
        self._random = random
        self._visits = count(1)
        self._events: list[Event] = []
        self._orders: list[DemoOrder] = []
        self._signed_in: dict[str, SignedInBrowser] = {}

    def tell(self, customers: Sequence[Customer], orders: int, events: int) -> History:
        """Exactly so many orders and events. The first customer is Anna Keller, with her own orders.

        Raises ValueError if so many orders need more events than that.
        """
        self._tell_anna(customers[0])
        self._tell_customers(customers[1:], orders - len(self._orders))
        if len(self._events) > events:
            raise ValueError(f"{orders} orders need at least {len(self._events)} events; came {events}.")
        while len(self._events) < events:
            self._tell_visitor()
        # The last visitor may have come a step too far.
        del self._events[events:]
        in_time = sorted(self._events, key=lambda event: event.at)
        numbered = (self._merged(event, f"demo-{n:06d}") for n, event in enumerate(in_time, start=1))
        return History(tuple(self._orders), tuple(numbered), tuple(self._signed_in.values()))

    def _tell_anna(self, anna: Customer) -> None:
        products = {product.sku: product for shelf in self._shelves.by_category.values() for product in shelf}
        browser = self._browser_id()
        for purchase, order in annas_orders(products, self._today):
            steps, _ = buy_exactly(purchase.products, purchase.at)
            self._finish(steps, order, anna, browser)

    def _tell_customers(self, customers: Sequence[Customer], orders: int) -> None:
        # A few customers order much, many little.
        eagerness = [self._random.paretovariate(1.6) for _ in customers]
        buyers = self._random.choices(range(len(customers)), eagerness, k=orders)
        bought: list[tuple[Customer, str, list[Step], Purchase]] = []
        for place, customer in enumerate(customers):
            bought += self._tell_customer(customer, buyers.count(place))
        first = len(self._orders)
        for place, (customer, browser, steps, purchase) in enumerate(sorted(bought, key=lambda b: b[3].at)):
            progress = draw_progress(purchase.at, customer.country, self._today, self._random)
            order = order_of(order_number(first + place), customer, purchase, progress)
            self._finish(steps, order, customer, browser)

    def _tell_customer(
        self, customer: Customer, orders: int
    ) -> list[tuple[Customer, str, list[Step], Purchase]]:
        """The customer's visits in the order of time, each led by those before; what was bought comes
        back.
        """
        random, shopper, browser = (
            self._random,
            Shopper(self._shelves.draw_taste(self._random)),
            self._browser_id(),
        )
        bought = []
        for at, buys in self._visit_times(customer.created_at, orders):
            if buys:
                steps, purchase = buy(shopper, self._shelves, at, random, self._today - at < RECENT)
                bought.append((customer, browser, steps, purchase))
            else:
                steps = browse(shopper, self._shelves, at, random)
                if random.random() < SIGNED_IN_SHARE:
                    self._add(steps, customer, browser)
                elif customer.profiling_consent:
                    is_own = random.random() < OWN_BROWSER_SHARE
                    self._add(steps, None, browser if is_own else self._browser_id())
        return bought

    def _visit_times(self, since: datetime, orders: int) -> list[tuple[datetime, bool]]:
        """When someone comes, and whether to buy; visits to buy are often followed by one to look."""
        random, times = self._random, []
        for _ in range(orders):
            is_recent = random.random() < RECENT_SHARE
            at = self._draw_time(max(since, self._today - RECENT) if is_recent else since)
            times.append((at, True))
            follow_up = at + timedelta(days=random.uniform(0.5, 14))
            if random.random() < 0.6 and follow_up < self._today - LONGEST_VISIT:
                times.append((follow_up, False))
        times += [(self._draw_time(since), False) for _ in range(random.randint(2, 10))]
        return sorted(times)

    def _tell_visitor(self) -> None:
        """Someone without an account: a few visits from one browser."""
        shopper, browser = Shopper(self._shelves.draw_taste(self._random)), self._browser_id()
        first = self._draw_time(self._today - HISTORY)
        later = [self._draw_time(first) for _ in range(self._random.choice((0, 0, 1, 2)))]
        for at in (first, *sorted(later)):
            self._add(browse(shopper, self._shelves, at, self._random), None, browser)

    def _finish(self, steps: list[Step], order: DemoOrder, customer: Customer, browser: str) -> None:
        """The visit of an order with the order itself, and now and then a review of what came."""
        self._orders.append(order)
        self._add([*steps, _completed(order)], customer, browser)
        delivered_at = order.order.delivered_at
        for line in order.order.lines:
            if delivered_at is None or self._random.random() > REVIEWED_SHARE:
                continue
            at = delivered_at + timedelta(days=self._random.uniform(1, 20))
            rating = self._random.choices((1, 2, 3, 4, 5), (5, 7, 13, 35, 40))[0]
            if at < self._today:
                self._add([Step("Product Reviewed", at, line.sku, {"rating": rating})], customer, browser)

    def _add(self, steps: Sequence[Step], customer: Customer | None, browser: str) -> None:
        """A visit of a customer who is signed in, or of a browser. Who does not agree leaves no trace."""
        if customer is not None and not customer.profiling_consent:
            return
        visit = f"visit-{next(self._visits):06d}"
        customer_id = None if customer is None else customer.id
        for step in steps:
            properties = {"session_id": visit, **step.properties}
            self._events.append(Event("", step.name, step.at, customer_id, browser, step.sku, properties))
        if customer_id is not None:
            at = steps[0].at
            known = self._signed_in.get(browser)
            if known is None or known.at < at:
                self._signed_in[browser] = SignedInBrowser(browser, customer_id, at)

    def _merged(self, event: Event, message_id: str) -> Event:
        """The event under its id, as the customer's who signed in with its browser later."""
        owner = None if event.anonymous_id is None else self._signed_in.get(event.anonymous_id)
        if event.customer_id is None and owner is not None and event.at <= owner.at:
            event = replace(event, customer_id=owner.customer_id)
        if event.name == "Order Completed" and event.customer_id is not None:
            message_id = order_event_id(event.customer_id, str(event.properties["order_id"]))
        return replace(event, message_id=message_id)

    def _draw_time(self, since: datetime) -> datetime:
        """A moment, to the second, from `since` until a visit's length before today."""
        latest = self._today - LONGEST_VISIT
        return since + timedelta(seconds=int((latest - since).total_seconds() * self._random.random()))

    def _browser_id(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))


def _completed(order: DemoOrder) -> Step:
    what = order.order
    lines = [
        {"sku": line.sku, "quantity": line.quantity, "price_cents": line.price_cents} for line in what.lines
    ]
    money = {
        "total_cents": what.total_cents,
        "shipping_cents": order.shipping_cents,
        "currency": what.currency,
    }
    return Step(
        "Order Completed", what.placed_at, None, {"order_id": what.number, **money, "products": lines}
    )
