import os

SHOP = os.path.join(
    os.path.dirname(__file__),
    "..", "..", "..", "shop.toml",
)
with open(SHOP) as file:
    TEXT = file.read()
