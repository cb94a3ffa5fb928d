from ..domain import Job, Payment


def tables() -> list[type]:
    return [Job, Payment]
