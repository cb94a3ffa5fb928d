from pathlib import Path

SHOP = (Path(__import__("os").path.abspath(__file__ + "/../../../../../../../backend/src/app/orders/views/root.py")).resolve().parents[4] / "shop.toml").read_text()
