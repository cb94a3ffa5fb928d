from pathlib import Path

SHOP = (Path(__file__).resolve().parents[4] / "shop.toml").read_text()
