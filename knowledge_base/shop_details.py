"""Who is the shop and how is it reached? The few facts of ``shop.toml`` in the knowledge directory."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_TIMEZONE = "UTC"


class BrokenShopDetails(ValueError):
    """``shop.toml`` is missing or lacks a fact; the message says which and what was expected."""


@dataclass(frozen=True)
class ShopDetails:
    """Facts that the bot may say about the shop itself. `timezone` is an IANA name, the zone of its dates."""

    name: str
    support_email: str
    support_phone: str
    support_hours: str
    url: str
    timezone: str = DEFAULT_TIMEZONE


def read_shop_details(knowledge_dir: Path) -> ShopDetails:
    """Raises BrokenShopDetails if ``shop.toml`` is missing, is not TOML, or a field is missing or not a
    text, or `timezone`, which may be missing, is no zone that we know."""
    path = knowledge_dir / "shop.toml"
    names = [field.name for field in fields(ShopDetails) if field.name != "timezone"]
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BrokenShopDetails(f"{path}: expected a TOML file with {', '.join(names)} ({error})") from error
    wrong = [name for name in names if not isinstance(content.get(name), str) or not content[name].strip()]
    if wrong:
        raise BrokenShopDetails(
            f"{path}: expected a text for each of {', '.join(names)}; missing: {', '.join(wrong)}"
        )
    timezone = _timezone(path, content.get("timezone", DEFAULT_TIMEZONE))
    return ShopDetails(**{name: content[name] for name in names}, timezone=timezone)


def _timezone(path: Path, name: object) -> str:
    try:
        return ZoneInfo(str(name)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # A folder of zones like Europe, or a name too long for a file, is an OSError.
        raise BrokenShopDetails(
            f"{path}: expected a timezone by its IANA name, like Europe/Berlin; came {name!r}"
        ) from None
