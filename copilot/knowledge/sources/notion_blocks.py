"""Notion's blocks as Markdown (https://developers.notion.com/reference/block and …/rich-text)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import model_validator

from copilot.knowledge.sources.hosted import Wire

_HEADINGS = {f"heading_{level}": level for level in range(1, 5)}
_CONTAINERS = frozenset({"column_list", "column", "synced_block", "toggle", "template"})


class Annotations(Wire):
    """How a run of text is set."""

    bold: bool = False
    italic: bool = False
    code: bool = False


class RichText(Wire):
    """A run of text."""

    plain_text: str = ""
    href: str | None = None
    annotations: Annotations = Annotations()

    @property
    def markdown(self) -> str:
        """The run with its marks."""
        words = self.plain_text.strip()
        if not words:
            return self.plain_text
        marked = words
        for mark, holds in (
            ("`", self.annotations.code),
            ("*", self.annotations.italic),
            ("**", self.annotations.bold),
        ):
            marked = f"{mark}{marked}{mark}" if holds else marked
        if self.href and self.href.startswith(("http://", "https://", "mailto:")):
            marked = f"[{marked}]({self.href})"
        return self.plain_text.replace(words, marked, 1)


class Block(Wire):
    """A block; what stands under its type's name is lifted up to it, `children` are fetched apart."""

    id: str
    type: str
    has_children: bool = False
    rich_text: tuple[RichText, ...] = ()
    cells: tuple[tuple[RichText, ...], ...] = ()
    checked: bool = False
    expression: str = ""
    url: str = ""
    caption: tuple[RichText, ...] = ()
    children: tuple[Block, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _lift(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        own = value.get(value.get("type", ""))
        lifted = (
            {name: own[name] for name in cls.model_fields if name in own} if isinstance(own, dict) else {}
        )
        head = {name: value[name] for name in ("id", "type", "has_children") if name in value}
        return {**lifted, **head}

    @property
    def words(self) -> str:
        """Its own text."""
        return joined(self.rich_text)


def joined(runs: Iterable[RichText]) -> str:
    """Runs of text on one line."""
    return "".join(run.markdown for run in runs).strip()


def blocks_to_markdown(blocks: Sequence[Block]) -> str:
    """The Markdown of a page."""
    return "\n\n".join(part for part in _parts(blocks) if part.strip())


def _parts(blocks: Sequence[Block]) -> Iterator[str]:
    """Blocks one by one, but the items of a list and the rows of a table together."""
    items: list[str] = []
    number = 0
    for block in blocks:
        if block.type in {"bulleted_list_item", "numbered_list_item", "to_do"}:
            number = number + 1 if block.type == "numbered_list_item" else 0
            items.append(_item(block, number))
            continue
        if items:
            yield "\n".join(items)
            items, number = [], 0
        yield from _part(block)
    if items:
        yield "\n".join(items)


def _part(block: Block) -> Iterator[str]:
    inner = blocks_to_markdown(block.children)
    if block.type in _HEADINGS:
        yield f"{'#' * _HEADINGS[block.type]} {block.words}" if block.words else ""
        yield inner
    elif block.type == "code":
        code = "".join(run.plain_text for run in block.rich_text)
        yield f"```\n{code}\n```" if code.strip() else ""
    elif block.type == "equation":
        yield block.expression
    elif block.type == "table":
        yield _table(block.children)
    elif block.type in {"quote", "callout"}:
        quoted = "\n\n".join(part for part in (block.words, inner) if part)
        yield "\n".join(f"> {line}".rstrip() for line in quoted.split("\n")) if quoted else ""
    elif block.type in {"bookmark", "embed", "link_preview"}:
        yield " ".join(part for part in (joined(block.caption), block.url) if part)
    elif block.type == "paragraph" or block.type in _CONTAINERS:
        yield block.words
        yield inner
    else:
        yield joined(block.caption)


def _item(block: Block, number: int) -> str:
    mark = f"{number}. " if number else "- "
    box = ("[x] " if block.checked else "[ ] ") if block.type == "to_do" else ""
    lines = "\n".join(_parts(block.children)).split("\n") if block.children else []
    indent = " " * len(mark)
    return "\n".join([f"{mark}{box}{block.words}", *(indent + line if line else "" for line in lines)])


def _table(rows: Sequence[Block]) -> str:
    lines = [
        "| " + " | ".join(joined(cell).replace("|", "\\|").replace("\n", " ") for cell in row.cells) + " |"
        for row in rows
        if row.cells
    ]
    if not lines:
        return ""
    rule = "| " + " | ".join(["---"] * len(rows[0].cells)) + " |"
    return "\n".join([lines[0], rule, *lines[1:]])
