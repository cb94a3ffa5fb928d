"""Services that share a database migrate their own tables, and none drops what another owns."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import write_files
from tests.scaffold.databases import database, postgres_server  # noqa: F401
from tests.scaffold.systems import CORE, rendered, service, system

pytestmark = pytest.mark.proof

MONOLITH = ('import os\nfrom alembic import context\nfrom app.db import Base\n\ntarget_metadata = Base.metadata\n'
            'context.configure(url=os.environ["SHOP_DB_URL"], target_metadata=target_metadata)\n')  # fmt: skip
OWNERS = (
    replace(CORE, tables=("users",), models=("shop_core.users",)),
    service("orders", 8101, tables=("orders",), models=("app.order",)),
    service("stock", 8102, tables=("goods",), models=("app.good",)),
)
CLASS = ("from sqlalchemy import Column, ForeignKey, Index, Integer, String\n\nfrom shop_core.base import Base\n\n\n"
         'class {}(Base):\n    __tablename__ = "{}"\n    id = Column(Integer, primary_key=True)\n')  # fmt: skip
SOURCES = {
    "apps/shop-core/src/shop_core/__init__.py": "",
    "apps/shop-core/src/shop_core/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\n"
    "class Base(DeclarativeBase):\n    pass\n",
    "apps/shop-core/src/shop_core/users.py": CLASS.format("User", "users"),
    "apps/orders/src/app/__init__.py": "",
    "apps/orders/src/app/order.py": CLASS.format("Order", "orders")
    + '    user_id = Column(ForeignKey("users.id"))\n'
    '    good_id = Column(Integer, ForeignKey("goods.id"), index=True)\n',
    "apps/stock/src/app/__init__.py": "",
    "apps/stock/src/app/good.py": CLASS.format("Good", "goods"),
}  # fmt: skip
"""An order belongs to a user of the core, and is for a good that only the stock knows."""
FILES = {"core": "apps/shop-core/src/shop_core/users.py", "orders": "apps/orders/src/app/order.py",
         "stock": "apps/stock/src/app/good.py"}  # fmt: skip
FOLDERS = {"core": "apps/shop-core", "orders": "apps/orders", "stock": "apps/stock"}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The core and two services, with all that is rendered for their migrations."""
    made = replace(system([], (), {"apps/shop-api/env.py": MONOLITH}), services=OWNERS)
    root = tmp_path / "shop"
    write_files(root, SOURCES | rendered("migrations", made)[0])
    return root


class Migrations:
    """Runs Alembic for services of a shop in one database."""

    def __init__(self, root: Path, url: str) -> None:
        self.root, self.url = root, url

    def alembic(self, owner: str, *commands: str) -> None:
        """Runs Alembic's commands one after another, in one process: it takes longer to start than to work."""
        code = "import sys\nfrom alembic.config import main\nfor command in sys.argv[1:]:\n    main(command.split())\n"
        done = subprocess.run(
            [sys.executable, "-c", code, *commands], cwd=self.root / FOLDERS[owner], capture_output=True, text=True,
            env={**os.environ, "SHOP_DB_URL": self.url}, timeout=60,
        )  # fmt: skip
        assert 0 == done.returncode, done.stderr

    def revised(self, owner: str) -> list[str]:
        """The operations of a new revision that Alembic makes of the difference, which is then applied."""
        folder = self.root / FOLDERS[owner] / "migrations/versions"
        before = set(folder.glob("*.py"))
        self.alembic(owner, "revision --autogenerate -m next", "upgrade head")
        (made,) = set(folder.glob("*.py")) - before
        upgrade = made.read_text().partition("def upgrade()")[2].partition("def downgrade()")[0]
        return [line.strip() for line in upgrade.splitlines() if "op." in line]

    def tables(self) -> set[str]:
        """The names of the database's tables."""
        from sqlalchemy import create_engine, inspect

        return set(inspect(create_engine(self.url)).get_table_names())

    def create_all(self) -> None:
        """Makes the tables as the monolith made them."""
        code = ("import os, sys\nsys.path += sys.argv[1:]\nimport app\napp.__path__.append(sys.argv[4])\n"
                "import shop_core.users, app.order, app.good\nfrom shop_core.base import Base\n"
                "from sqlalchemy import create_engine\n"
                "Base.metadata.create_all(create_engine(os.environ['SHOP_DB_URL']))\n")  # fmt: skip
        folders = ["apps/shop-core/src", "apps/orders/src", "apps/stock/src", "apps/stock/src/app"]
        subprocess.run([sys.executable, "-c", code, *folders], cwd=self.root, check=True,
                       env={**os.environ, "SHOP_DB_URL": self.url})  # fmt: skip


@pytest.fixture
def migrations(shop: Path, database: str) -> Migrations:  # noqa: F811
    """The shop with its database."""
    return Migrations(shop, database)


def test_a_new_database(migrations: Migrations) -> None:
    """Each owner creates its own tables and counts its own revisions; then nothing is left to do for any."""
    for owner, table in (("core", "users"), ("stock", "goods"), ("orders", "orders")):
        assert [f"op.create_table('{table}',"] == migrations.revised(owner)[:1]
    owned = {"users", "goods", "orders"}
    assert owned | {f"alembic_version_{owner}" for owner in FOLDERS} == migrations.tables()
    assert {"core": [], "orders": [], "stock": []} == {owner: migrations.revised(owner) for owner in FOLDERS}


@pytest.mark.parametrize("order", [("core", "orders", "stock"), ("stock", "orders", "core")])
def test_the_monoliths_database(migrations: Migrations, order: tuple[str, ...]) -> None:
    """Whoever is first: what is there needs nothing, and a change is the owner's alone."""
    migrations.create_all()
    for owner in order:
        path = migrations.root / FILES[owner]
        path.write_text(path.read_text() + "    note = Column(String(20))\n")
        operations = migrations.revised(owner)
        assert 1 == len([line for line in operations if "add_column" in line])
        assert [] == [line for line in operations if "drop" in line or "create" in line]
    assert {"users", "goods", "orders"} <= migrations.tables()
    assert {owner: [] for owner in order} == {owner: migrations.revised(owner) for owner in order}


def test_without_the_filter_others_tables_are_dropped(migrations: Migrations) -> None:
    """What `include_name` and `include_object` are for."""
    migrations.create_all()
    path = migrations.root / "apps/stock/migrations/env.py"
    text = path.read_text()
    mutant = text.replace('    "include_name": include_name, "include_object": include_object,\n', "")
    assert text != mutant
    path.write_text(mutant)
    migrations.alembic("stock", "revision --autogenerate -m next")
    (made,) = (migrations.root / "apps/stock/migrations/versions").glob("*.py")
    assert "op.drop_table('orders')" in made.read_text()


def test_a_foreign_key_to_anothers_table_is_known_by_name(shop: Path, tmp_path: Path) -> None:
    """Without that Alembic does not come to an end."""
    path = shop / "apps/orders/migrations/env.py"
    text = path.read_text()
    mutant = text.replace("    add_referred_tables(metadata)\n", "    pass\n")
    assert text != mutant
    path.write_text(mutant)
    with pytest.raises(AssertionError, match="NoReferencedTableError"):
        Migrations(shop, f"sqlite:///{tmp_path / 'data.db'}").alembic("orders", "revision --autogenerate -m next")
