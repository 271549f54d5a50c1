"""Where the system keeps its hunspell dictionaries: a pair of files `NAME.aff` and `NAME.dic` for each language."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

_SHARED = (
    "/usr/share/hunspell",
    "/usr/share/myspell",
    "/usr/share/myspell/dicts",
    "/usr/local/share/hunspell",
    "/opt/homebrew/share/hunspell",
    "/Library/Spelling",
)
_OWN = (".local/share/hunspell", "Library/Spelling", "AppData/Local/hunspell")
_PREFERRED = ("en_US", "de_DE", "fr_FR", "es_ES", "pt_PT", "it_IT", "nl_NL")
"""Which variant serves a language of which several are installed, where the rep's own system names none."""


def usual_folders() -> tuple[Path, ...]:
    """The folders that hunspell itself looks in, `DICPATH` first (hunspell(1))."""
    named = [Path(one) for one in os.environ.get("DICPATH", "").split(os.pathsep) if one]
    return (*named, *(Path.home() / one for one in _OWN), *map(Path, _SHARED))


def find_dictionaries(folders: Iterable[Path]) -> Mapping[str, Path]:
    """By language (ISO 639-1) the path of its dictionary without an ending; the first folder that has one wins."""
    found: dict[str, list[Path]] = {}
    for folder in folders:
        for affixes in sorted(folder.glob("*.aff")) if folder.is_dir() else []:
            language = affixes.stem.replace("-", "_").partition("_")[0].casefold()
            if affixes.with_suffix(".dic").is_file() and len(language) in {2, 3}:
                found.setdefault(language, []).append(affixes.with_suffix(""))
    return {language: _best(paths) for language, paths in found.items()}


def _best(paths: list[Path]) -> Path:
    wanted = (os.environ.get("LANG", "").partition(".")[0], *_PREFERRED)
    names = {path.name.replace("-", "_"): path for path in reversed(paths)}
    return next((names[name] for name in wanted if name in names), paths[0])
