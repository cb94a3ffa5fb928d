from .token import Token


class User:
    name = "u"
    token = Token
