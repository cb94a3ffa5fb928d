"""Who may do what, as dependencies for routes."""

from collections.abc import Callable
from fnmatch import fnmatchcase

from ..custom_types import Role
from ..deps import PrincipalDep
from ..exceptions import NotAllowed
from ..security import Principal

PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.CLIENT: ("jobs:*", "payments:*", "models:run"),
    Role.OPERATOR: ("agents:*", "miners:*", "contracts:deploy", "models:*", "payments:*"),
    Role.ADMIN: ("*",),
}


def allowed(role: Role, permission: str) -> bool:
    """Say whether a role has a permission such as ``agents:write``."""
    return any(fnmatchcase(permission, pattern) for pattern in PERMISSIONS[role])


def requires(permission: str) -> Callable[[Principal], Principal]:
    """Return a dependency that lets only callers with `permission` pass."""

    def check(principal: PrincipalDep) -> Principal:
        if not allowed(principal.role, permission):
            raise NotAllowed(f"{permission} is not for a {principal.role}")
        return principal

    return check
