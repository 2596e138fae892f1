"""Who is the shop and how is it reached? The few facts of ``shop.toml`` in the knowledge directory."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path


class BrokenShopDetails(ValueError):
    """``shop.toml`` is missing or lacks a fact; the message says which and what was expected."""


@dataclass(frozen=True)
class ShopDetails:
    """Facts that the bot may say about the shop itself."""

    name: str
    support_email: str
    support_phone: str
    support_hours: str
    url: str


def read_shop_details(knowledge_dir: Path) -> ShopDetails:
    """Raises BrokenShopDetails if ``shop.toml`` is missing, is not TOML, or a field is missing or not a
    text."""
    path = knowledge_dir / "shop.toml"
    names = [field.name for field in fields(ShopDetails)]
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BrokenShopDetails(f"{path}: expected a TOML file with {', '.join(names)} ({error})") from error
    wrong = [name for name in names if not isinstance(content.get(name), str) or not content[name].strip()]
    if wrong:
        raise BrokenShopDetails(
            f"{path}: expected a text for each of {', '.join(names)}; missing: {', '.join(wrong)}"
        )
    return ShopDetails(**{name: content[name] for name in names})
