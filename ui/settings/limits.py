"""What a desk cannot do, in words."""

from __future__ import annotations

from copilot.domain import Capabilities

_WORDS = {
    "notes": "internal notes",
    "assign": "assigning",
    "tags": "tags",
    "fields": "custom fields",
    "attachments": "attachments",
    "merge": "merging",
    "viewers": "seeing who else is looking",
}
_ALWAYS_TOLD = ("notes", "assign", "tags", "fields", "attachments")


def what_it_cannot(capabilities: Capabilities) -> str:
    """One sentence for each thing that is missing and has a reason or would be expected; empty when all is there."""
    lacking = [name for name in _WORDS if not getattr(capabilities, name)]
    told = [name for name in lacking if name in capabilities.reasons]
    plain = [_WORDS[name] for name in lacking if name in _ALWAYS_TOLD and name not in told]
    sentences = [f"No {', '.join(plain)}."] if plain else []
    sentences += [f"No {_WORDS[name]}: {capabilities.reasons[name].rstrip('.')}." for name in told]
    return " ".join(sentences)
