"""The pages there are, by name."""

from __future__ import annotations

from collections.abc import Callable

from copilot.workspace import Workspace
from ui.gallery import controls, places
from ui.gallery.page import Page, Specimen

PAGES: dict[str, tuple[str, Callable[[Workspace], tuple[Specimen, ...]]]] = {
    "controls": ("Controls", lambda _: controls.controls()),
    "signs": ("Signs", lambda _: controls.signs()),
    "queue": ("Queue", lambda _: places.queue()),
    "conversation": ("Conversation", lambda _: places.conversation()),
    "assist": ("Copilot", places.assist),
    "settings": ("Settings", lambda _: places.settings()),
}
"""Title and specimens of each page; the copilot's cards ask the workspace for passages."""


def page(name: str, workspace: Workspace) -> Page:
    """A page, made in the theme in force. Raises `KeyError` for a name that there is not."""
    title, specimens = PAGES[name]
    return Page(title, specimens(workspace))
