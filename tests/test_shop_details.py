"""Are the shop's few facts read, and is a missing one named?"""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.shop_details import BrokenShopDetails, ShopDetails, read_shop_details

WHOLE = 'name = "N"\nsupport_email = "e"\nsupport_phone = "p"\nsupport_hours = "h"\nurl = "u"\n'


def test_the_facts_are_read(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(WHOLE)
    assert read_shop_details(tmp_path) == ShopDetails("N", "e", "p", "h", "u")


def test_missing_and_empty_facts_are_named(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(WHOLE.replace('"e"', '" "').replace('url = "u"', "url = 3"))
    with pytest.raises(BrokenShopDetails, match="missing: support_email, url"):
        read_shop_details(tmp_path)


@pytest.mark.parametrize("content", [None, "name ="])
def test_no_file_and_no_toml_are_told_the_same_way(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "shop.toml").write_text(content)
    with pytest.raises(BrokenShopDetails, match="expected a TOML file with name, support_email"):
        read_shop_details(tmp_path)


def test_the_shops_timezone_is_read_and_is_utc_if_not_told(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(WHOLE)
    assert read_shop_details(tmp_path).timezone == "UTC"
    (tmp_path / "shop.toml").write_text(WHOLE + 'timezone = "Europe/Berlin"\n')
    assert read_shop_details(tmp_path).timezone == "Europe/Berlin"


@pytest.mark.parametrize(
    "zone", ['"Europe/Nowhere"', '"Europe"', '"../../etc/passwd"', '""', "1", f'"{"x" * 300}"']
)
def test_a_timezone_that_is_none_is_named(tmp_path: Path, zone: str) -> None:
    (tmp_path / "shop.toml").write_text(f"{WHOLE}timezone = {zone}\n")
    with pytest.raises(
        BrokenShopDetails, match="expected a timezone by its IANA name, like Europe/Berlin; came"
    ):
        read_shop_details(tmp_path)
