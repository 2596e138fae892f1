"""How do the shop's customers come in from a file, and what becomes of their consent?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.catalogue import ImportSummary
from bot.customers import Customer, comparable_email
from bot.database.connection import Database
from bot.database.tables import CustomerRow
from bot.shoppers.consent import Decision, latest_decision, record_decision
from knowledge_base import row_values
from knowledge_base.row_fields import Fields, read_table
from knowledge_base.row_files import Progress

SOURCE = "import"
ALIASES = {
    "customer_id": "id",
    "mail": "email",
    "email_address": "email",
    "country_code": "country",
    "registered_at": "created_at",
    "consent": "profiling_consent",
}


class EmailTaken(Exception):
    """Two customers would have the same e-mail address."""


@dataclass(frozen=True)
class CustomerRecord:
    """A customer as a file has them. `consent` is None where the file does not say: then a new customer does
    not agree, and a known one keeps their own decision.
    """

    customer: Customer
    consent: bool | None


def read_customers(
    path: Path, format: str = "auto", progress: Progress | None = None
) -> tuple[CustomerRecord, ...]:
    """The customers of a file: id, email, name, country, created_at and profiling_consent.

    Raises BrokenRows with every problem of every row, UnknownFormat, OSError.
    """

    def key(record: CustomerRecord) -> str:
        return record.customer.id

    return read_table(path, format, progress, _record, ALIASES, ("id", key))


def put_customers(
    database: Database, records: Iterable[CustomerRecord], clock: Callable[[], datetime]
) -> ImportSummary:
    """Add customers and change those who differ, all or none; a consent that is taken back deletes what was
    kept, and a refusal that a customer gave here is not overruled by a file.

    Raises EmailTaken.
    """
    came = tuple(records)
    with database.session() as session:
        database.hold(session, "customers")
        known = {row.id: row for row in session.scalars(select(CustomerRow))}
        _refuse_same_emails(known, came)
        added = [record for record in came if record.customer.id not in known]
        moved = [r for r in came if r.customer.id in known and _differs(r.customer, known[r.customer.id])]
        try:
            if added:
                session.execute(insert(CustomerRow), [_values(record) for record in added])
            if moved:
                session.execute(update(CustomerRow), [_changes(record.customer) for record in moved])
        except IntegrityError:
            raise EmailTaken(
                "Two customers exchange their e-mail addresses: import one of them first."
            ) from None
        changed = {record.customer.id for record in moved}
        for record in came:
            row = known.get(record.customer.id)
            if row is not None and _decide(session, record, clock()):
                changed.add(record.customer.id)
        return ImportSummary(len(added), len(changed), len(came) - len(added) - len(changed))


def _decide(session: Session, record: CustomerRecord, at: datetime) -> bool:
    """Record what the file says of the consent of a known customer, if it is new and theirs to say."""
    agrees = session.scalar(select(CustomerRow.profiling_consent).where(CustomerRow.id == record.customer.id))
    if record.consent is None or record.consent == agrees:
        return False
    if record.consent:
        latest = latest_decision(session, record.customer.id)
        if latest is not None and not latest.is_given and latest.source != SOURCE:
            return False
    return record_decision(session, Decision(record.customer.id, record.consent, at, SOURCE))


def _record(fields: Fields) -> CustomerRecord:
    consent: bool | None = None
    if fields.values.get("profiling_consent") is not None:
        consent = fields.get("profiling_consent", row_values.yes_or_no, False)
    customer = Customer(
        id=fields.get("id", row_values.person_id, ""),
        email=comparable_email(fields.get("email", row_values.email, "")),
        name=fields.get("name", row_values.name, ""),
        country=fields.get("country", row_values.country, ""),
        created_at=fields.get("created_at", row_values.moment, datetime.min.replace(tzinfo=UTC)),
        profiling_consent=bool(consent),
    )
    return CustomerRecord(customer, consent)


def _refuse_same_emails(known: dict[str, CustomerRow], came: Iterable[CustomerRecord]) -> None:
    emails = {row.id: row.email for row in known.values()}
    emails |= {record.customer.id: record.customer.email for record in came}
    owner: dict[str, str] = {}
    for customer_id, email in emails.items():
        if owner.setdefault(email, customer_id) != customer_id:
            raise EmailTaken(
                f"An e-mail address should be one customer's; {owner[email]} and {customer_id} have the same."
            )


def _differs(customer: Customer, row: CustomerRow) -> bool:
    return (customer.email, customer.name, customer.country, customer.created_at) != (
        row.email,
        row.name,
        row.country,
        row.created_at,
    )


def _values(record: CustomerRecord) -> dict[str, object]:
    return asdict(record.customer)


def _changes(customer: Customer) -> dict[str, object]:
    """All but the consent, which has a way of its own."""
    values = asdict(customer)
    del values["profiling_consent"]
    return values
