"""The hourly limit on requests, counted for all users and applications of a client together."""

from __future__ import annotations

import threading

HOUR = 3600


class RateLimits:
    """Counts requests by client, in hours that begin when the clock's do."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._hour = 0
        self._used: dict[int, int] = {}

    def take(self, client_id: int, now: float) -> bool:
        """Count a request; ``False`` where none is left."""
        with self._lock:
            self._begin(now)
            used = self._used.get(client_id, 0)
            if used >= self.limit:
                return False
            self._used[client_id] = used + 1
            return True

    def headers(self, client_id: int | None, now: float) -> list[tuple[str, str]]:
        """What every answer tells; of one to nobody in particular, that nothing was used."""
        with self._lock:
            self._begin(now)
            used = 0 if client_id is None else self._used.get(client_id, 0)
        return [
            ("X-RateLimit-Limit", str(self.limit)),
            ("X-RateLimit-Remaining", str(self.limit - used)),
            ("X-RateLimit-Reset", str(HOUR - int(now) % HOUR)),
        ]

    def _begin(self, now: float) -> None:
        hour = int(now) // HOUR
        if hour != self._hour:
            self._hour = hour
            self._used.clear()
