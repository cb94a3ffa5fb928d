"""What a route may ask for: a session, the caller, a limit."""

from typing import Annotated

from fastapi import Depends, Header, Request
from sqlmodel import Session

from shared_lib import SlidingWindow

from .config import settings
from .custom_types import Role
from .exceptions import NotAllowed, NotAuthenticated, TooManyRequests
from .security import Principal, read_token
from .storage import get_session

SessionDep = Annotated[Session, Depends(get_session)]

_logins = SlidingWindow(settings.logins_per_minute)


def current_principal(authorization: Annotated[str | None, Header()] = None) -> Principal:
    """Return who calls, from ``Authorization: Bearer <token>``."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotAuthenticated("a bearer token is needed")
    return read_token(token)


PrincipalDep = Annotated[Principal, Depends(current_principal)]


def require_admin(principal: PrincipalDep) -> Principal:
    """Let administrators through and nobody else."""
    if principal.role is not Role.ADMIN:
        raise NotAllowed("administrators only")
    return principal


def limit_logins(request: Request) -> None:
    """Slow down whoever tries passwords."""
    caller = request.client.host if request.client else "unknown"
    if not _logins.allow(caller):
        raise TooManyRequests("too many attempts, wait a minute")
