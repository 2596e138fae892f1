"""Does the widget stay small, and free of what a strict page or a careful reader forbids?"""

from __future__ import annotations

import re
from pathlib import Path

WIDGET = Path(__file__).parent.parent / "bot" / "web" / "static" / "widget.js"


def test_the_widget_is_under_40_kilobytes_as_it_is_served() -> None:
    assert WIDGET.stat().st_size < 40_000


def test_the_widget_never_makes_html_or_code_out_of_text() -> None:
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|srcdoc"
    )
    assert re.findall(forbidden, WIDGET.read_text()) == []


def test_the_widget_loads_nothing_from_elsewhere() -> None:
    addresses = re.findall(r"https?://[\w.]+[^\s\"'`]*", WIDGET.read_text())
    assert addresses == ["http://www.w3.org/2000/svg"]
