"""Which policy pages does the shop have, and what is on them?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from knowledge_base.shop_pages import slug


@dataclass(frozen=True)
class Policy:
    """A policy page. `html` comes from CommonMark in which HTML counts as text; headings have ids."""

    name: str
    title: str
    html: Markup
    headings: tuple[str, ...]


class Policies:
    """The Markdown files of `knowledge_dir`/policies, read once; a name never becomes a path.

    Raises UnicodeDecodeError for a file that is not UTF-8.
    """

    def __init__(self, knowledge_dir: Path) -> None:
        files = sorted((knowledge_dir / "policies").glob("*.md"))
        self._policies = {
            path.stem: read_policy(path.stem, path.read_text(encoding="utf-8")) for path in files
        }

    def find(self, name: str) -> Policy | None:
        return self._policies.get(name)

    def titles(self) -> dict[str, str]:
        """The titles by name, in the order of the names."""
        return {name: policy.title for name, policy in self._policies.items()}


def read_policy(name: str, text: str) -> Policy:
    """A page from its Markdown; the first level-1 heading is the title, or else the name."""
    markdown = MarkdownIt("commonmark", {"html": False})
    title, headings, body = name.replace("-", " ").capitalize(), list[str](), list[Token]()
    tokens = markdown.parse(text)
    while tokens:
        token = tokens.pop(0)
        if token.type != "heading_open":
            body.append(token)
        elif token.tag == "h1":
            title = tokens[0].content
            del tokens[:2]
        else:
            headings.append(tokens[0].content)
            token.attrSet("id", slug(tokens[0].content))
            body.append(token)
    return Policy(name, title, Markup(markdown.renderer.render(body, markdown.options, {})), tuple(headings))
