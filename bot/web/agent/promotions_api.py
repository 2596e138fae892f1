"""What do people decide on promotions, and which new ones do they want? The JSON addresses of the page."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Protocol

from aiohttp import web

from bot.customers import UnknownCustomer
from bot.promotions.facts import Facts
from bot.promotions.facts_source import UnknownSku
from bot.promotions.promotion import AlreadyDecided, Promotion, UnknownPromotion, UnusableDecision
from bot.promotions.promotion_record import PromotionRecord
from bot.promotions.rechecking import findings_now
from bot.promotions.writer import WriterMissing
from bot.web.addresses import client_address
from bot.web.agent.decision_fields import (
    DECISION_FIELDS,
    WRITING_FIELDS,
    PersonsDecision,
    WritingOrder,
    decision_of,
    writing_order_of,
)
from bot.web.agent.staff_door import StaffDoor
from bot.web.bodies import read_fields
from bot.web.errors import RefusedRequest, error_body
from bot.web.rate_limit import RateLimit

logger = logging.getLogger(__name__)


class PromotesProducts(Protocol):
    """What is needed of `bot.promotions.desk.PromotionDesk`."""

    def write_candidates(
        self, sku: str, channel: str, customer_id: str | None, tone: str | None, count: int
    ) -> tuple[int, ...]:
        """The ids of all that was written. May take seconds. Raises UnknownSku, UnknownCustomer,
        WriterMissing, ValueError."""
        ...

    def facts_of(self, promotion: Promotion) -> Facts:
        """Raises UnknownSku."""
        ...


class CannotCheck(Exception):
    """There is no desk in this process, so no text can be checked."""


class Found(Exception):
    """The check found something in a text that a person wants to let through."""

    def __init__(self, findings: tuple[str, ...]) -> None:
        super().__init__("; ".join(findings))
        self.findings = findings


@dataclass(frozen=True)
class PromotionWork:
    """Decisions and orders, made in worker threads. `desk` None can only reject."""

    record: PromotionRecord
    desk: PromotesProducts | None

    def decide(self, promotion_id: int, fields: dict[str, object], person: str) -> Promotion:
        """Raises RefusedRequest, Found, CannotCheck, UnknownPromotion, UnusableDecision, AlreadyDecided."""
        promotion = self.record.one(promotion_id)
        if promotion is None:
            raise UnknownPromotion(f"There is no promotion {promotion_id}.")
        wanted = decision_of(fields, promotion)
        found = self._found(promotion, wanted) if promotion.state == "waiting" else ()
        if found and not wanted.anyway:
            raise Found(found)
        return self.record.decide(
            promotion_id, wanted.decision, person, wanted.subject, wanted.text, wanted.reason, found
        )

    def write(self, order: WritingOrder) -> dict[str, Any]:
        """The ids of what was written, and how many of them wait. Raises what the desk raises."""
        if self.desk is None:
            raise CannotCheck
        ids = self.desk.write_candidates(order.sku, order.channel, order.customer_id, order.tone, order.count)
        kept = [self.record.one(promotion_id) for promotion_id in ids]
        waiting = sum(one is not None and one.state == "waiting" for one in kept)
        return {"ids": list(ids), "waiting": waiting, "refused": len(ids) - waiting}

    def _found(self, promotion: Promotion, wanted: PersonsDecision) -> tuple[str, ...]:
        """What the check says today of a text that would be let through."""
        if wanted.decision == "rejected":
            return ()
        if self.desk is None:
            raise CannotCheck
        return findings_now(promotion, self.desk.facts_of, wanted.subject, wanted.text)


class PromotionsApi:
    """`writers` is where new texts are written, one order after the other."""

    def __init__(
        self,
        work: PromotionWork,
        door: StaffDoor,
        deciding: RateLimit,
        writing: RateLimit,
        workers: Executor,
        writers: Executor,
    ) -> None:
        self._work = work
        self._door = door
        self._deciding = deciding
        self._writing = writing
        self._workers = workers
        self._writers = writers

    async def decide(self, request: web.Request) -> web.Response:
        person = self._door.person(request)
        self._deciding.take(client_address(request))
        fields = await read_fields(request, DECISION_FIELDS)
        promotion_id = int(request.match_info["id"])
        try:
            promotion = await asyncio.get_running_loop().run_in_executor(
                self._workers, self._work.decide, promotion_id, fields, person
            )
        except Found as found:
            return web.json_response(_found_body(found), status=422)
        except CannotCheck:
            raise RefusedRequest(503, "no_check", "This process cannot check texts; see the log.") from None
        except UnknownPromotion as problem:
            raise RefusedRequest(404, "not_found", str(problem)) from None
        except UnusableDecision as problem:
            raise RefusedRequest(422, "bad_decision", str(problem)) from None
        except AlreadyDecided as problem:
            raise RefusedRequest(409, "already_decided", str(problem)) from None
        return web.json_response(decided_body(promotion))

    async def write(self, request: web.Request) -> web.Response:
        self._door.person(request)
        self._writing.take(client_address(request))
        order = writing_order_of(await read_fields(request, WRITING_FIELDS))
        try:
            written = await asyncio.get_running_loop().run_in_executor(self._writers, self._work.write, order)
        except CannotCheck:
            raise RefusedRequest(503, "no_writer", "This process cannot write texts; see the log.") from None
        except WriterMissing as problem:
            logger.warning("No promotions can be written: %s", problem)
            raise RefusedRequest(503, "no_writer", f"The writer could not be loaded: {problem}") from None
        except UnknownSku as problem:
            raise RefusedRequest(422, "bad_sku", str(problem)) from None
        except UnknownCustomer as problem:
            raise RefusedRequest(422, "bad_customer_id", str(problem)) from None
        return web.json_response(written, status=201)


def decided_body(promotion: Promotion) -> dict[str, Any]:
    """What became of a promotion, as programs read it."""
    return {
        "id": promotion.id,
        "decision": promotion.decision,
        "decided_by": promotion.decided_by,
        "subject": promotion.final_subject,
        "text": promotion.final_text,
        "reason": promotion.rejection_reason,
        "overruled": list(promotion.overruled),
    }


def _found_body(found: Found) -> dict[str, Any]:
    detail = f"The check found: {found}. Change the text, or send anyway: true to let it pass."
    body = error_body("findings", detail)
    body["error"]["findings"] = list(found.findings)
    return body
