"""Is a shopper always one person or one browser?"""

from __future__ import annotations

import pytest

from bot.shoppers.shopper import Shopper


def test_a_key_leads_back_to_its_shopper() -> None:
    for shopper in (Shopper("C00017"), Shopper(anonymous_id="customer:C00017")):
        assert Shopper.from_key(shopper.key) == shopper
    assert Shopper("C00017").key == "customer:C00017"


def test_a_shopper_is_a_customer_or_a_browser() -> None:
    with pytest.raises(ValueError, match="came both"):
        Shopper("C00017", "6f1c2e7a")
    with pytest.raises(ValueError, match="came neither"):
        Shopper()


@pytest.mark.parametrize("key", ["", "C00017", "customer:", "visitor:"])
def test_another_text_is_no_key(key: str) -> None:
    with pytest.raises(ValueError, match="key begins with customer: or visitor:"):
        Shopper.from_key(key)
