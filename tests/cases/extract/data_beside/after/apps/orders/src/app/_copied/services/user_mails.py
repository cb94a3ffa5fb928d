# decompose: copy of backend/src/app/services/user_mails.py, carried until a client replaces it: change it there
# sha256 cb3d774a37bf5b704ad823f0064e8c4e01c4e1570f4ab69e3074cc6f4672e010
from pathlib import Path

MAIL = Path(__file__).parent.joinpath("mail.txt").read_text()


def mail() -> str:
    return MAIL
