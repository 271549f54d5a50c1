"""`python -m ui.gallery --out DIR`: the gallery's pages as pictures, a file for each place and look."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

THEMES = ("light", "dark", "contrast")


def main(arguments: Sequence[str] | None = None) -> int:
    """Paint the pages and print their paths; answers the process's exit code."""
    options = _parser().parse_args(arguments)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ui import aio
    from ui.app import make_application

    options.out.mkdir(parents=True, exist_ok=True)
    application = make_application(["sidedesk"], options.theme[0])
    application.setCursorFlashTime(0)
    return aio.run(lambda: _paint(options.out, options.theme, options.scale), application)


async def _paint(out: Path, themes: Sequence[str], scale: float) -> int:
    from copilot.workspace import Workspace
    from ui.gallery.pages import PAGES, page
    from ui.theme.theme import theme

    with tempfile.TemporaryDirectory(prefix="sidedesk-gallery-") as folder:
        workspace = await Workspace.open(Path(folder))
        try:
            for name in themes:
                theme().prefer(name)
                for place in PAGES:
                    file = out / f"{place}-{name}.png"
                    made = page(place, workspace)
                    picture = await made.picture(scale)
                    made.deleteLater()
                    if not picture.save(str(file)):
                        raise OSError(f"cannot write {file}")
                    print(file)  # noqa: T201  the answer of the command
        finally:
            await workspace.aclose()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ui.gallery", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/gallery"), help="the folder for the pages")
    parser.add_argument("--scale", type=float, default=2.0, help="device pixels per logical pixel")
    parser.add_argument("--theme", nargs="+", default=list(THEMES), choices=THEMES)
    return parser


if __name__ == "__main__":
    sys.exit(main())
