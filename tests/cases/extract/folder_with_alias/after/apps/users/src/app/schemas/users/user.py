from backend_core.schemas.users.token import Token


class User:
    name = "u"
    token = Token
