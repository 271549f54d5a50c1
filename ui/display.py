"""Is there a screen to draw on, and all that Qt needs to do so? Asked before Qt, which aborts the process when not.

Qt's own message always blames `libxcb-cursor0`, whichever library is missing, and an abort cannot be caught; so the
loader and the X server are asked directly. Imports nothing of Qt.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path

from copilot.domain import Check

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""What importing Qt needs on Linux, and the Debian package that has it."""
X_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
"""What a window on an X server needs beside them."""
_WITHOUT_SCREEN = {"offscreen", "minimal", "vnc"}


def display_available() -> bool:
    """Whether a window can be opened here."""
    return not display_problem()


def display_problem() -> str:
    """Why no window can be opened here, in one line; empty when one can."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM", "") in _WITHOUT_SCREEN:
        return ""
    if _wayland_answers():
        return _missing_words(missing_packages(LIBRARIES))
    missing = missing_packages(LIBRARIES | X_LIBRARIES)
    if missing:
        return _missing_words(missing)
    if not os.environ.get("DISPLAY"):
        return "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set."
    if not _x_server_answers():
        return f"The X server at DISPLAY={os.environ['DISPLAY']} does not answer."
    return ""


def missing_packages(libraries: dict[str, str]) -> list[str]:
    """The packages of those libraries that the loader cannot find."""
    return [package for soname, package in libraries.items() if not _loads(soname)]


def screen_checks() -> list[Check]:
    """What `sidedesk doctor` says about the screen."""
    if not sys.platform.startswith("linux"):
        return [_font_check()]
    missing = missing_packages(LIBRARIES | X_LIBRARIES)
    problem = display_problem()
    return [
        Check(
            name="Libraries for the window",
            fine=not missing,
            finding="all there" if not missing else f"missing: {', '.join(missing)}",
            advice=_install_words(missing) if missing else "",
        ),
        Check(
            name="Display",
            fine=not problem or bool(missing),
            finding=problem or "answers",
            advice="Without one, the main job is done in the terminal." if problem else "",
        ),
        _font_check(),
    ]


def _font_check() -> Check:
    folder = Path(__file__).resolve().parents[1] / "resources" / "fonts"
    found = len(list(folder.glob("Inter-*.ttf")))
    return Check(
        name="Fonts",
        fine=found >= 4,
        finding=f"Inter, {found} files" if found else "the program's own font is missing",
        advice="" if found >= 4 else "Install Sidedesk again: its resources folder is incomplete.",
    )


def _missing_words(packages: list[str]) -> str:
    return f"Libraries for the window are missing. {_install_words(packages)}" if packages else ""


def _install_words(packages: list[str]) -> str:
    return f"On Debian and Ubuntu: sudo apt-get install -y {' '.join(packages)}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    plugins = importlib.util.find_spec("PySide6")
    if not name or plugins is None:
        return False
    return (Path(os.environ.get("XDG_RUNTIME_DIR", "/run")) / name).is_socket()


def _x_server_answers() -> bool:
    """Connect the way Qt's plugin will (xcb_connect, XCB reference manual) and look whether that failed."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)
