from app.assets import users as assets


def name() -> str:
    return assets.PICTURE
