"""A sliding window over the last seconds, per key."""

import time
from collections import defaultdict, deque


class SlidingWindow:
    """Say whether a key may act again: at most `limit` times in any `seconds`."""

    def __init__(self, limit: int, seconds: float = 60.0) -> None:
        self.limit = limit
        self.seconds = seconds
        self._seen: dict[str, deque[float]] = defaultdict(deque)

    def allow(self, key: str, now: float | None = None) -> bool:
        """Count one action of `key` and return whether it was within the limit."""
        moment = time.monotonic() if now is None else now
        seen = self._seen[key]
        while seen and seen[0] <= moment - self.seconds:
            seen.popleft()
        if len(seen) >= self.limit:
            return False
        seen.append(moment)
        return True
