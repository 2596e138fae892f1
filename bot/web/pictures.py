"""What does a product look like? A flat drawing of its kind, in colours that follow from its SKU."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from zlib import crc32

from bot.web.motifs import motif_of
from knowledge_base.products import Product

# Background, disc, main, deep, light, accent: six tones that go well together.
PALETTES = (
    ("#e6efe9", "#d3e3d9", "#3f7d66", "#28584a", "#8fc1a9", "#f0b64a"),
    ("#e7eef5", "#d3e0ed", "#4a78a8", "#2f5379", "#9fc0de", "#f29a6b"),
    ("#f6ece3", "#eedcca", "#c9764a", "#95502f", "#eab591", "#3f7d78"),
    ("#f1eaf3", "#e3d6e8", "#86619b", "#5d416f", "#c1a5d0", "#edb54d"),
    ("#f5eaea", "#ecd5d6", "#b95c66", "#873d48", "#e2a2a8", "#4f8790"),
    ("#f4f0dd", "#e9e2c0", "#b18f2f", "#7d6420", "#e0c878", "#4c7a9c"),
    ("#e4f0f0", "#cde3e3", "#3c8a8c", "#276264", "#93cbca", "#ee8f63"),
    ("#ececf0", "#dbdce4", "#5c6685", "#3f4661", "#a9b1cc", "#e9a13f"),
)
INK, PALE = "#26302d", "#fdfcf8"
FRAME = Template(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" fill="none" role="img">'
    '<title>$title</title><rect width="400" height="300" fill="$back"/>'
    '<circle cx="200" cy="150" r="126" fill="$halo"/>'
    '<ellipse cx="200" cy="249" rx="112" ry="11" fill="$ink" opacity=".13"/>$drawing</svg>'
)


def draw(product: Product) -> str:
    """An SVG document of 400 by 300 units; the same product always gets the same one."""
    back, halo, main, deep, light, accent = PALETTES[
        crc32(product.sku.encode("utf-8", "replace")) % len(PALETTES)
    ]
    tones = {
        "halo": halo,
        "main": main,
        "deep": deep,
        "light": light,
        "accent": accent,
        "ink": INK,
        "pale": PALE,
    }
    drawing = _drawing(motif_of(product)).substitute(tones)
    title = escape("".join(c if c.isprintable() else " " for c in product.name))
    return FRAME.substitute(title=title, back=back, halo=halo, ink=INK, drawing=drawing)


@cache
def _drawing(motif: str) -> Template:
    """The shapes of a motif; fills are the names of tones with a dollar sign before."""
    return Template(files("bot.web").joinpath("drawings", f"{motif}.svg").read_text(encoding="utf-8"))
