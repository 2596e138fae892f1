"""Does every product get a drawing of its kind, safe and the same each time?"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.web.motifs import CATEGORIES, GENERIC, WORDS, motif_of
from bot.web.pictures import PALETTES, draw
from knowledge_base.products import Product

ROOT = Path(__file__).parent.parent
DRAWINGS = ROOT / "bot" / "web" / "drawings"
SAMPLE = ROOT / "knowledge_base" / "sample" / "products"
SHOE = Product("RUN-001", "Tarnwick Ridge Trail Shoe", "Tarnwick", "Running", 12900, "EUR", 23, {}, (), "")


def sample_products() -> list[Product]:
    lines = [line for path in sorted(SAMPLE.glob("*.jsonl")) for line in path.read_text().splitlines()]
    rows = [json.loads(line) for line in lines]
    return [Product(**{**row, "tags": tuple(row["tags"])}) for row in rows]


@pytest.mark.parametrize(
    ("name", "tags", "category", "motif"),
    [
        ("Ridge Trail Shoe", (), "Running", "shoe"),
        ("Trail Shoes", (), "", "shoe"),
        ("Woolly Mile Hiking Socks (2 pairs)", (), "Hiking & Camping", "socks"),
        ("Tether USB-C Headphone DAC", (), "Audio", "cable"),
        ("Ashdown End-Grain Board", (), "Kitchen", "board"),
        ("Saltmarsh Board Game", (), "Toys & Games", "board_game"),
        ("Waymark GPS Bike Computer", (), "Cycling", "bike_computer"),
        ("Ottoline the Otter", ("plush", "baby"), "Toys & Games", "plush"),
        ("Something unheard of", (), "Kitchen", "saucepan"),
        ("Something unheard of", (), "Curiosities", GENERIC),
        ("Shoehorn", (), "Curiosities", GENERIC),
    ],
)
def test_the_motif_follows_the_name_then_the_tags_then_the_category(
    name: str, tags: tuple[str, ...], category: str, motif: str
) -> None:
    assert motif_of(replace(SHOE, name=name, tags=tags, category=category)) == motif


def test_every_motif_has_a_drawing_and_every_drawing_a_motif() -> None:
    named = {motif for motif, _ in WORDS + CATEGORIES} | {GENERIC}
    assert {path.stem for path in DRAWINGS.glob("*.svg")} == named


def test_every_drawing_is_whole_and_uses_known_tones_only() -> None:
    for path in DRAWINGS.glob("*.svg"):
        ElementTree.fromstring(path.read_text())
        tones = set(re.findall(r'(?:fill|stroke)="([^"]+)"', path.read_text()))
        assert tones <= {"none", "$main", "$deep", "$light", "$accent", "$ink", "$pale", "$halo"}, path.name


def test_every_category_of_the_sample_shop_has_many_motifs_and_no_parcel() -> None:
    motifs: dict[str, set[str]] = {}
    for product in sample_products():
        motifs.setdefault(product.category, set()).add(motif_of(product))
    assert min(len(kinds) for kinds in motifs.values()) >= 8
    assert GENERIC not in set.union(*motifs.values())


def test_a_picture_is_the_same_each_time_and_coloured_by_sku() -> None:
    assert draw(SHOE) == draw(replace(SHOE, price_cents=1))
    pictures = {draw(replace(SHOE, sku=f"RUN-{number:03}")) for number in range(100)}
    assert len(pictures) == len(PALETTES)


@pytest.mark.parametrize(
    "name", ['<script>alert("x")</script> & Shoe', "$main ${ink} $$ Shoe", "a\0b\x0bc Shoe", ""]
)
def test_a_name_stays_text_whatever_it_holds(name: str) -> None:
    picture = ElementTree.fromstring(draw(replace(SHOE, name=name)))
    title = picture[0].text or ""
    assert title == "".join(c if c.isprintable() else " " for c in name)
    assert picture.findall(".//{*}script") == []
