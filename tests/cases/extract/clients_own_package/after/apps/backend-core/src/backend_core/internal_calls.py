# Rendered by decompose; remove this line to keep the file as you edit it.
"""What services call each other with: how values are written down, and what can go wrong.

Whoever calls knows the token in INTERNAL_TOKEN. The identifier of a request and its trace go
along with every call.
"""

import builtins
import contextvars
import json
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, PlainSerializer, PlainValidator

PREFIX = "/internal"
TOKEN = "INTERNAL_TOKEN"
"""The environment variable that has the token, the same for all services."""
PROBLEM = "application/problem+json"
passed_on: contextvars.ContextVar[dict[str, str]] = contextvars.ContextVar("passed_on")
"""The headers of the present request that go along with every call."""


class OwnerError(Exception):
    """The owner answered what is not in the contract: which one, which operation, and why."""

    def __init__(self, owner: str, operation: str, url: str, reason: str) -> None:
        super().__init__(f"{owner}: {operation} at {url}: {reason}")
        self.owner, self.operation, self.url, self.reason = (
            owner,
            operation,
            url,
            reason,
        )


class OwnerUnavailable(OwnerError):
    """The owner gave no answer in time; whether it has done anything is not known."""


class CannotCross(TypeError):
    """Something that was to be given, or returned, cannot be written down."""


def pack(value: Any) -> Any:
    """A plain value as JSON has it; one that JSON has not, with what it is."""
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is list:
        return [pack(one) for one in value]
    if kind is dict and "$" not in value and all(type(key) is str for key in value):
        return {key: pack(one) for key, one in value.items()}
    if kind is dict:
        return {
            "$": "dict",
            "v": [[pack(key), pack(one)] for key, one in value.items()],
        }
    if kind in (tuple, set, frozenset):
        return {"$": kind.__name__, "v": [pack(one) for one in value]}
    if kind in (datetime, date, time):
        return {"$": kind.__name__, "v": value.isoformat()}
    if kind in (Decimal, uuid.UUID):
        return {"$": kind.__name__, "v": str(value)}
    if kind is timedelta:
        return {"$": "timedelta", "v": [value.days, value.seconds, value.microseconds]}
    if kind is bytes:
        return {"$": "bytes", "v": value.hex()}
    for plain in (str, int, float):  # of an enumeration, say: what it is equal to
        if isinstance(value, plain):
            return plain.__str__(value) if plain is str else plain(value)
    raise CannotCross(f"a {kind.__module__}.{kind.__qualname__} cannot be written down")


_READ: dict[str, Callable[[Any], Any]] = {
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "Decimal": Decimal,
    "UUID": uuid.UUID,
    "timedelta": lambda parts: timedelta(*parts),
    "bytes": bytes.fromhex,
}


def _unpack(value: Any) -> Any:
    """The plain value that was written down."""
    if type(value) is list:
        return [_unpack(one) for one in value]
    if type(value) is not dict:
        return value
    if "$" not in value:
        return {key: _unpack(one) for key, one in value.items()}
    inner = value["v"]
    if value["$"] == "dict":
        return {_unpack(key): _unpack(one) for key, one in inner}
    return _READ[value["$"]](
        [_unpack(one) for one in inner] if type(inner) is list else inner
    )


def _checked(value: Any, info: Any) -> Any:
    return _unpack(value) if info.mode == "json" else value


Plain = Annotated[
    Any, PlainValidator(_checked), PlainSerializer(pack, when_used="json")
]
"""Anything that is written down with what it is: plain values, and what holds some."""


def settled(value: Any) -> Any:
    """The same, with what its models made themselves, an id or a time, as if it were given.

    The other side would make another. What else is not given stays so.
    """
    if type(value) in (list, tuple):
        return type(value)(map(settled, value))
    if type(value) is dict:
        return {key: settled(one) for key, one in value.items()}
    if not isinstance(value, BaseModel):
        return value
    copied = value.model_copy()
    copied.__dict__.update({name: settled(one) for name, one in value.__dict__.items()})
    copied.__pydantic_fields_set__.update(
        name
        for name, field in type(value).model_fields.items()
        if field.default_factory not in (None, list, dict, set)
    )
    return copied


class Answer(BaseModel):
    """What an operation returns, as `value`."""

    model_config = ConfigDict(
        ser_json_bytes="base64",
        val_json_bytes="base64",
        ser_json_inf_nan="constants",
        arbitrary_types_allowed=False,
    )


class Asked(BaseModel):
    """What an operation is asked with: only what was given; the owner knows its own defaults.

    `passed` says how each field is passed on, as `(field, parameter, kind)`.
    """

    model_config = ConfigDict(
        ser_json_bytes="base64",
        val_json_bytes="base64",
        ser_json_inf_nan="constants",
        extra="forbid",
    )
    passed: ClassVar[tuple[tuple[str, str, str], ...]] = ()

    def passed_to(self, function: Callable[..., Any], **more: Any) -> Any:
        """What the function returns for what was given, and more that the owner adds."""
        placed: list[Any] = []
        named = dict(more)
        for field, parameter, kind in self.passed:
            if field not in self.model_fields_set:
                continue
            value = getattr(self, field)
            if kind == "position":
                placed.append(value)
            elif kind == "*":
                placed.extend(value)
            elif kind == "**":
                named.update(value)
            elif any(other == "*" for _, _, other in self.passed) and kind == "any":
                placed.append(value)
            else:
                named[parameter] = value
        return function(*placed, **named)


class Operation:
    """One function of an owner: where it answers, what it is asked with, returns, raises."""

    def __init__(
        self,
        owner: str,
        name: str,
        asked: type[Asked],
        answer: type[Answer],
        raised: dict[str, type[Exception]],
        is_repeatable: bool = False,
    ) -> None:
        self.owner, self.name, self.asked, self.answer = owner, name, asked, answer
        self.raised, self.is_repeatable = raised, is_repeatable
        self.path = f"{PREFIX}/{owner}/{name}"

    def read(
        self, status: int, content: bytes, kind: str, url: str
    ) -> tuple[Any, Exception | None]:
        """What the owner returned, and the exception that it raised; raises OwnerError."""
        try:
            if status == 200:
                return self.answer.model_validate_json(content).value, None  # type: ignore[attr-defined]
            if status == 422 and kind.startswith(PROBLEM):
                told = json.loads(content)
                known = self._known(told["error"])
                error = _made(known, told) if known is not None else None
            else:
                error = None
        except (ValueError, KeyError, TypeError, AttributeError) as error_in_answer:
            raise OwnerError(
                self.owner,
                self.name,
                url,
                f"its answer is not what the contract says: {short(error_in_answer)}",
            ) from None
        if error is not None:
            return None, error
        kinds = OwnerUnavailable if status in (502, 503, 504) else OwnerError
        raise kinds(
            self.owner,
            self.name,
            url,
            f"it answered {status}: {content[:200].decode('utf-8', 'replace')}",
        )

    def _known(self, name: str) -> type[Exception] | None:
        """An exception by its name: of the contract, of Python, or a library's that is one of these."""
        found = self.raised.get(name) or _builtin(name)
        waiting = [kind for told, kind in self.raised.items() if "." in told]
        while found is None and waiting:
            kind = waiting.pop()
            waiting += kind.__subclasses__()
            found = kind if f"{kind.__module__}.{kind.__qualname__}" == name else None
        return found


def _builtin(name: str) -> type[Exception] | None:
    """An exception of Python's own, by its name."""
    found = getattr(builtins, name, None)
    return found if isinstance(found, type) and issubclass(found, Exception) else None


def _made(kind: type[Exception], told: dict[str, Any]) -> Exception:
    """An exception as it was: a library's made anew, another without its `__init__` being called."""
    arguments = tuple(_unpack(told["args"]))
    if kind.__module__ == "builtins":
        return kind(*arguments)
    if "." in told["error"]:
        error = kind(*arguments)
    else:
        error = kind.__new__(kind, *arguments)
        error.args = arguments
    error.__dict__.update(_unpack(told["state"]))
    return error


def short(error: Exception) -> str:
    """What an exception says, on one line."""
    return " ".join(str(error).split())[:200]
