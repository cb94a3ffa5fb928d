"""The lines at the end of an entry by which the application tells whoever asks it that it is about to end."""

from __future__ import annotations

import datetime
import re
from email.utils import format_datetime

BEGIN = "# decompose: the monolith ends"
END = "# decompose: end"
NAME = "TellsOfSunset"
"""The name of the middleware, by which others know it."""
_BLOCK = re.compile(rb"(?:\r?\n)*" + re.escape(BEGIN).encode() + rb"[\r\n].*?" + re.escape(END).encode(), re.DOTALL)
_TEXT = '''

{begin}
class {name}:
    """Tells that the application is deprecated (RFC 9745), and when it ends (RFC 8594)."""

    def __init__(self, app):  # type: ignore[no-untyped-def]
        self.app = app

    async def __call__(self, scope, receive, send):  # type: ignore[no-untyped-def]
        """Answers as the application does, with two headers more."""

        async def told(message):  # type: ignore[no-untyped-def]
            if message["type"] == "http.response.start":
                days = [(b"deprecation", b"@{deprecated}"), (b"sunset", b"{sunset}")]
                message = {{**message, "headers": [*message.get("headers", ()), *days]}}
            await send(message)

        await self.app(scope, receive, told)


{application}.add_middleware({name})
{end}
'''


def with_sunset(source: bytes, application: str, deprecated: str, sunset: str) -> bytes:
    """An entry whose application tells of these days (ISO 8601); of the last ones told, in place of those before."""
    text = _TEXT.format(
        begin=BEGIN, end=END, name=NAME, application=application, deprecated=int(_midnight(deprecated).timestamp()),
        sunset=format_datetime(_midnight(sunset), usegmt=True),
    )  # fmt: skip
    newline = b"\r\n" if b"\r\n" in source else b"\n"
    return without_sunset(source).rstrip() + text.encode().replace(b"\n", newline)


def without_sunset(source: bytes) -> bytes:
    """An entry without these lines; unchanged where it has none."""
    return _BLOCK.sub(b"", source) if _BLOCK.search(source) else source


def tells_of_sunset(source: bytes) -> bool:
    """Whether an entry has them."""
    return _BLOCK.search(source) is not None


def _midnight(day: str) -> datetime.datetime:
    return datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(), datetime.UTC)
