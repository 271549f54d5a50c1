"""The process that holds the dictionaries: hunspell keeps the interpreter to itself for up to half a second.

It is asked and answers in JSON, one message each way.
"""

from __future__ import annotations

import json
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

_REQUEST_BYTES = 5_000_000
_LONGEST_WORD = 60
"""Hunspell's own buffer ends a little above; nobody writes longer words."""


def serve(pipe: Connection) -> None:
    """Answer until the other end closes."""
    while True:
        try:
            asked = json.loads(pipe.recv_bytes(_REQUEST_BYTES))
        except EOFError:
            return
        dictionary = _dictionary(asked["dictionary"])
        words = [word for word in asked["words"] if len(word) <= _LONGEST_WORD]
        if asked["suggest"]:
            answer = [meant for word in words for meant in dictionary.suggest(word)]
        else:
            answer = [word for word in words if not dictionary.spell(word)]
        pipe.send_bytes(json.dumps(answer).encode())


@cache
def _dictionary(path: str) -> Any:
    from hunspell import Hunspell

    place = Path(path)
    return Hunspell(place.name, hunspell_data_dir=str(place.parent))
