from pathlib import Path

MAIL = Path(__file__).parent.joinpath("mail.txt").read_text()


def mail() -> str:
    return MAIL
