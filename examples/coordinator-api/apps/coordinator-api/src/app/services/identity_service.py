"""Who people are: registering, signing in, signing out."""

import logging

from sqlmodel import Session, select

from ..custom_types import Role
from ..domain import ApiSession, AuditEntry, User
from ..exceptions import Conflict, NotAuthenticated, NotFound
from ..security import Principal, check_password, hash_password, issue_token
from ..utils.hashing import digest

logger = logging.getLogger("app.services.identity_service")


class IdentityService:
    """Users and their sessions."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def register(self, email: str, password: str, role: Role = Role.CLIENT) -> User:
        """Return a new user, or raise `Conflict` if the address is taken."""
        if self.session.exec(select(User).where(User.email == email)).first():
            raise Conflict(f"{email} is registered already")
        user = User(email=email, password_hash=hash_password(password), role=role)
        self.session.add(user)
        self.session.add(AuditEntry(action="user.registered", subject=user.id))
        self.session.commit()
        logger.info("registered %s as %s", user.id, role)
        return user

    def sign_in(self, email: str, password: str) -> tuple[User, str]:
        """Return the user and a token for further calls."""
        user = self.session.exec(select(User).where(User.email == email)).first()
        if user is None or not check_password(password, user.password_hash):
            raise NotAuthenticated("address or password are wrong")
        token = issue_token(Principal(user.id, Role(user.role)))
        self.session.add(ApiSession(user_id=user.id, token_digest=digest(token)))
        self.session.commit()
        return user, token

    def sign_out(self, user_id: str) -> int:
        """Forget all sessions of a user and return how many there were."""
        sessions = self.get(user_id).sessions
        count = len(sessions)
        for one in sessions:
            self.session.delete(one)
        self.session.commit()
        return count

    def get(self, user_id: str) -> User:
        """Return a user, or raise `NotFound`."""
        user = self.session.get(User, user_id)
        if user is None:
            raise NotFound("user", user_id)
        return user
