"""Small monoliths whose files lie better elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from decomposer.app import Options
from decomposer.app.suggesting import _analysed, situation_of
from decomposer.placing.situation import Situation

CONFIG = 'source = "."\npackage = "shop"\nentry = ["shop.main:app"]\nrules = "rules"\n'
MAIN = "from fastapi import FastAPI\n\nfrom .sales import open_shop\n\napp = FastAPI()\n"


def rules(name: str, *tables: str, port: int = 8101) -> str:
    """A rule file with a comment and these rules, each `kind = [...]`."""
    told = "".join(f'\n[[rule]]\n{table}\nreason = "The team says so."\n' for table in tables)
    return f'# about {name}\nname = "{name}"\nphase = 2\nport = {port}\n{told}'


SHOP = {
    "decompose.toml": CONFIG,
    "rules/core.toml": 'name = "core"\nshared = ["__init__.py", "main.py"]\n',
    "rules/sales.toml": rules("sales", 'paths = ["sales.py"]'),
    "rules/stock.toml": rules("stock", 'keywords = ["stock"]', port=8102),
    "shop/__init__.py": "",
    "shop/main.py": MAIN,
    "shop/stock.py": "def count():\n    return 1\n",
    "shop/stock_prices.py": "def price():\n    return 1\n\n\ndef rebate():\n    return 1\n\n\n"
                            "def tax():\n    return 1\n\n\ndef total():\n    return 1\n",
    "shop/sales.py": "from .stock_prices import price, rebate, tax, total\n\n\n"
                     "def open_shop():\n    return price() + rebate() + tax() + total()\n",
}  # fmt: skip
"""Prices are the stock's by their name, and nobody's but the sales' by what calls them."""


def write(root: Path, files: Mapping[str, str]) -> Path:
    """A repository with these files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / ".git").mkdir(exist_ok=True)
    return root


def situation(root: Path) -> Situation:
    """What a solver starts from."""
    return situation_of(_analysed(Options(repo=root, cache=False))[1])
