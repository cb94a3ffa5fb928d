"""Errors that a caller of the API can do something about, and how they look on the wire."""

from fastapi import Request
from fastapi.responses import JSONResponse


class CoordinatorError(Exception):
    """The base of all expected errors; `status` is the HTTP status it becomes."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(CoordinatorError):
    """Nothing has that identifier."""

    status = 404

    def __init__(self, kind: str, identifier: str) -> None:
        super().__init__(f"no {kind} {identifier}")


class NotAuthenticated(CoordinatorError):
    """The token is missing, forged or malformed."""

    status = 401


class NotAllowed(CoordinatorError):
    """The caller is known but may not do this."""

    status = 403


class Conflict(CoordinatorError):
    """The state of the thing does not admit the request."""

    status = 409


class TooManyRequests(CoordinatorError):
    """The caller must wait."""

    status = 429


async def handle_coordinator_error(request: Request, error: Exception) -> JSONResponse:
    """Turn an expected error into its status and one line of text."""
    status = error.status if isinstance(error, CoordinatorError) else 500
    body = {"error": type(error).__name__, "detail": str(error), "path": request.url.path}
    return JSONResponse(body, status_code=status)
