"""Several terminals on one machine, one running assistant: whoever holds the data folder answers the others.

A stream socket in the data folder (mode 0600, so only this system user reaches it) carries a line of JSON for each
event and a line for its replies. Only terminals' people may speak through it: who someone is in Telegram is Telegram's
to say.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import socketserver
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from bot.channels.gate import Talks
from bot.conversation.events import Edited, Event, Message, Press, Reply, Unsupported, Upload

log = logging.getLogger(__name__)

SOCKET = "socket"
PERSON = "console:"
LONGEST = 40 * 2**20  # a line: a file of 20 MB in base64, and to spare
_TYPES: dict[str, type[Event]] = {
    kind.__name__: kind for kind in (Message, Edited, Press, Upload, Unsupported)
}


class Gone(ConnectionError):
    """The process that held the data folder does not answer any more."""


class LocalServer:
    """Answers the terminals of this machine while it is open. Use as a context manager."""

    def __init__(self, talks: Talks, folder: Path) -> None:
        self._talks = talks
        self._folder = folder
        self._server: socketserver.ThreadingUnixStreamServer | None = None

    def __enter__(self) -> LocalServer:
        talks = self._talks

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in iter(lambda: self.rfile.readline(LONGEST), b""):
                    self.wfile.write(_answered(talks, line) + b"\n")

        path = self._folder / SOCKET
        try:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()  # of a process that was killed: the folder's lock is ours now
            before = os.umask(0o177)
            try:
                with _short(path) as name:
                    self._server = socketserver.ThreadingUnixStreamServer(name, Handler)
            finally:
                os.umask(before)
        except OSError as error:
            log.warning("%s: other terminals cannot join: %s", path, error.strerror or error)
            return self
        self._server.daemon_threads = True
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(0.05,), daemon=True, name="terminals").start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            with contextlib.suppress(OSError):
                (self._folder / SOCKET).unlink()


class Remote:
    """The conversation of the process that holds the data folder. Raises `Gone` where it does not answer."""

    def __init__(self, folder: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with _short(folder / SOCKET) as name:
                self._socket.connect(name)
        except OSError as error:
            raise Gone(str(error)) from error
        self._lines = self._socket.makefile("rb")

    def handle(self, event: Event) -> Sequence[Reply]:
        """Hand an event to the other process."""
        request = {"kind": type(event).__name__, "event": event}
        try:
            self._socket.sendall(msgspec.json.encode(request) + b"\n")
            line = self._lines.readline(LONGEST)
        except OSError as error:
            raise Gone(str(error)) from error
        if not line:
            raise Gone("closed")
        return msgspec.json.decode(line, type=list[Reply])

    def close(self) -> None:
        self._socket.close()


class Joined:
    """A terminal at another process's conversation; when that process ends, `instead` takes the folder over.

    The event that got no answer is handed on again: it is taken once, however often it is delivered.
    """

    def __init__(self, remote: Remote, instead: Callable[[], Talks]) -> None:
        self._talks: Talks = remote
        self._instead = instead

    def handle(self, event: Event) -> Sequence[Reply]:
        try:
            return self._talks.handle(event)
        except Gone:
            log.info("the process that held the data folder has ended; this one goes on")
            self._talks = self._instead()
            return self._talks.handle(event)


def _answered(talks: Talks, line: bytes) -> bytes:
    """The replies to a line; nothing where it is none of ours."""
    try:
        request: dict[str, Any] = msgspec.json.decode(line)
        kind = _TYPES[request["kind"]]
        event: Event = msgspec.convert(request["event"], kind)
    except (msgspec.MsgspecError, KeyError, TypeError):
        return b"[]"
    if not event.person.startswith(PERSON):
        return b"[]"
    return msgspec.json.encode(list(talks.handle(event)))


@contextlib.contextmanager
def _short(path: Path) -> Any:
    """A name for the socket that fits: the system takes about a hundred characters."""
    if len(os.fsencode(path)) < 100 or not Path("/proc/self/fd").exists():
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
