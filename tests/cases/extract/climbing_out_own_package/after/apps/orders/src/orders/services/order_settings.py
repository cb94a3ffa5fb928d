import os

SHOP = os.path.join(
    os.path.dirname(__import__("os").path.abspath(__file__ + "/../../../../../../backend/src/app/services/order_settings.py")),
    "..", "..", "..", "shop.toml",
)
with open(SHOP) as file:
    TEXT = file.read()
