# decompose: copy of apps/users/src/app/services/user_names.py, carried until a client replaces it: change it there
# sha256 51490a5ab026c9725ea8bb913b26aedc34e2a9f213e0eaaed7e41f5aa5e8e0ad
from app.assets import users as assets


def name() -> str:
    return assets.PICTURE
