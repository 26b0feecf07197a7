"""What threads wait on.

Only locks of the interpreter's own, never a condition made of Python code: a program may call ``stop`` in
a handler of a signal, which runs in the middle of whatever the main thread is doing, and must not
meet a lock there that the same thread holds.
"""

from __future__ import annotations

import threading
from time import monotonic


class Bed:
    """What a thread without work sleeps on."""

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()

    def sleep(self, seconds: float = -1) -> bool:
        """Sleep until woken (``True``), or for so many seconds."""
        return self._lock.acquire(timeout=seconds)

    def wake(self) -> None:
        """Wake the thread: once for each time that it sleeps."""
        self._lock.release()


class Flag:
    """Something that threads wait for, and that stays so until it is cleared."""

    __slots__ = ("_lock", "_up")

    def __init__(self) -> None:
        self._up = False
        self._lock = threading.Lock()
        self._lock.acquire()

    def is_set(self) -> bool:
        """Whether it was set, and not cleared since."""
        return self._up

    def set(self) -> None:
        """Let all go on who wait."""
        self._up = True
        self._open()

    def clear(self) -> None:
        """Let those wait who come from now on."""
        self._up = False
        self._lock.acquire(blocking=False)

    def wait(self, seconds: float) -> bool:
        """Wait until it is set, ``seconds`` at most; whether it is."""
        until = monotonic() + seconds
        while not self._up:
            # Not for long at once: on some systems a thread that waits hears no Ctrl-C.
            left = min(0.5, until - monotonic())
            if left <= 0:
                return False
            if self._lock.acquire(timeout=left):
                # For the next one who waits.
                self._open()
        return True

    def _open(self) -> None:
        try:
            self._lock.release()
        except RuntimeError:
            # Another thread has opened it.
            return
