"""One instance for each workspace: a second one hands its link to the first, which comes to the front, and ends.

The first listens at a local address (a socket of the user's own on Unix, a pipe on Windows). QtNetwork takes 25 ms to
import, so where a socket is a file it is looked for first, and listening begins after the window is there.
"""

from __future__ import annotations

import getpass
import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalSocket

from ui.notify.links import MOST_CHARACTERS

PATIENCE_MS = 1_000
_UNDERSTOOD = b"ok\n"


def address(folder: Path | None) -> str:
    """Where the first instance of this user's workspace listens."""
    home = os.environ.get("SIDEDESK_HOME", "")
    named = f"{getpass.getuser()}\n{home}\n{folder.resolve() if folder is not None else ''}"
    name = f"sidedesk-{sha256(named.encode()).hexdigest()[:16]}"
    if os.name == "nt":
        return name
    return str(Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / name)


def hand_over(at: str, link: str = "") -> bool:
    """Ask a running instance to come to the front, with a link to open; answers whether there was one.

    Called before there is an event loop.
    """
    if os.name != "nt" and not Path(at).exists():
        return False
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(at)
    if not socket.waitForConnected(PATIENCE_MS):
        return False
    socket.write(f"{link}\n".encode()[: MOST_CHARACTERS * 4])
    understood = socket.waitForReadyRead(PATIENCE_MS) and socket.readAll().data() == _UNDERSTOOD
    socket.disconnectFromServer()
    return bool(understood)


def _answers(at: str) -> bool:
    """Whether another instance listens: two that start at the same moment both find nobody at first."""
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(at)
    found = socket.waitForConnected(PATIENCE_MS)
    socket.abort()
    return found


class FirstInstance(QObject):
    """Listens for later instances."""

    asked = Signal(str)
    """Another one was started, with this link or none."""

    def __init__(self, at: str, parent: QObject) -> None:
        super().__init__(parent)
        from PySide6.QtNetwork import QLocalServer

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        # Listening with rights for the user alone takes a socket's place, also that of one in use.
        if not _answers(at):
            QLocalServer.removeServer(at)  # left by one that crashed
            self._server.listen(at)

    @property
    def is_listening(self) -> bool:
        """Whether later ones reach it."""
        return self._server.isListening()

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(lambda: self._read(socket))
        socket.disconnected.connect(socket.deleteLater)
        if socket.bytesAvailable():
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if socket.bytesAvailable() > MOST_CHARACTERS * 4:
            socket.abort()
            return
        if not socket.canReadLine():
            return
        line = bytes(socket.readLine().data()).decode("utf-8", errors="replace").strip()
        socket.write(_UNDERSTOOD)
        socket.flush()
        self.asked.emit(line)
