"""Where does the shop keep what it must not forget?"""

from __future__ import annotations

from bot.database.connection import Database, DatabaseUnavailable

__all__ = ["Database", "DatabaseUnavailable"]
