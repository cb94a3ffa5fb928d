"""Signed tokens and password hashes; no state, no database."""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

from .config import settings
from .custom_types import Role
from .exceptions import NotAuthenticated

ROUNDS = 20_000


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling."""

    user_id: str
    role: Role


def _signature(text: str) -> str:
    mac = hmac.new(settings.secret.encode(), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def issue_token(principal: Principal) -> str:
    """Return a token that `read_token` turns back into the principal."""
    text = f"{principal.user_id}.{principal.role}"
    return f"{text}.{_signature(text)}"


def read_token(token: str) -> Principal:
    """Return who signed in with `token`, or raise `NotAuthenticated`."""
    text, _, signature = token.rpartition(".")
    user_id, _, role = text.partition(".")
    if not user_id or not hmac.compare_digest(signature, _signature(text)):
        raise NotAuthenticated("the token is not valid")
    return Principal(user_id, Role(role))


def hash_password(password: str, salt: bytes | None = None) -> str:
    """Return ``salt$hash`` in hexadecimal, with a fresh salt unless one is given."""
    salt = salt or os.urandom(8)
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS)
    return f"{salt.hex()}${key.hex()}"


def check_password(password: str, stored: str) -> bool:
    """Say whether `password` gives the stored hash."""
    salt, _, _ = stored.partition("$")
    return hmac.compare_digest(hash_password(password, bytes.fromhex(salt)), stored)
