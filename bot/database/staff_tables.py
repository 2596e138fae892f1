"""Which tables do the shop's own people need? `bot.database.tables` names them beside the others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.columns import Table


class UsedLinkRow(Table):
    """A link to sign in that was used, and is therefore of no use any more. After `expires_at` it is of none
    anyway, and the row may go.
    """

    __tablename__ = "used_links"

    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime]
