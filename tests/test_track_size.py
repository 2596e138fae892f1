"""Is the tracking script small, and free of what a strict page or a careful reader forbids?"""

from __future__ import annotations

import re
from pathlib import Path

TRACK = Path(__file__).parent.parent / "bot" / "web" / "static" / "track.js"


def test_the_script_is_under_4_kilobytes_as_it_is_served() -> None:
    assert TRACK.stat().st_size < 4000


def test_the_script_sets_no_cookie_and_makes_no_code_or_html() -> None:
    forbidden = r"cookie|innerHTML|\beval\b|new Function|document\.write|sessionStorage|userAgent|screen\."
    assert re.findall(forbidden, TRACK.read_text()) == []


def test_the_script_talks_to_the_shop_alone() -> None:
    assert re.findall(r"https?://", TRACK.read_text()) == []
