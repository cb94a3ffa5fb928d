# decompose: copy of apps/orders/src/app/services/order_settings.py, carried until a client replaces it: change it there
# sha256 f65912096bc0dbc2c8b4144ddb26c804ce133ca5112f212b71b96ac4c195bc33
import os

SHOP = os.path.join(
    os.path.dirname(__import__("os").path.abspath(__file__ + "/../../../../../../../backend/src/app/services/order_settings.py")),
    "..", "..", "..", "shop.toml",
)
with open(SHOP) as file:
    TEXT = file.read()
