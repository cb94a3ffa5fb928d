"""Alembic's environment of each service: its tables, where its database is, and what is told of the monolith."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from decomposer import app
from decomposer.scaffold.system import MARK
from decomposer.shell.apply import apply_changes
from tests.conftest import write_files
from tests.gating.test_checks import SHOP
from tests.scaffold.systems import rendered, service, system

ENV = "apps/shop-api/migrations/env.py"
MONOLITH = ('import os\nfrom alembic import context\nfrom app.db import Base\n\ntarget_metadata = Base.metadata\n'
            'context.configure(url=os.environ["SHOP_DB_URL"], target_metadata=target_metadata)\n')  # fmt: skip
ORDERS = service("order-book", 8101, tables=("lines", "orders"), models=("app.models.order",))
STOCK = service("stock", 8102)


def test_a_service_with_tables_has_an_environment() -> None:
    """Its tables and models, a version table of its own, the monolith's variable; none for one without tables."""
    files, problems = rendered("migrations", system([ORDERS, STOCK], (), {ENV: MONOLITH}))
    assert {f"apps/order-book/{name}" for name in (
        "alembic.ini", "migrations/env.py", "migrations/script.py.mako", "migrations/versions/.gitkeep"
    )} == files.keys()  # fmt: skip
    env = files["apps/order-book/migrations/env.py"]
    ast.parse(env)
    for line in ('VERSION_TABLE = "alembic_version_order_book"',
                 'TABLES = frozenset({\n    "lines",\n    "orders",\n})',
                 'MODELS = (\n    "app.models.order",\n)', 'url = os.environ["SHOP_DB_URL"]'):  # fmt: skip
        assert line in env
    assert "prepend_sys_path = %(here)s/src:%(here)s/../shop-core/src\n" in files["apps/order-book/alembic.ini"]
    assert ["migrations-left"] == [problem.code for problem in problems]
    assert 'include_object=lambda thing, name, kind, *_: kind != "table" or name not in {"lines", "orders"}' in (
        problems[0].hint
    )


@pytest.mark.parametrize("files", [
    {}, {"apps/other/migrations/env.py": MONOLITH.replace("from app.db", "from other.db")},
    {"apps/order-book/migrations/env.py": MONOLITH}, {"apps/shop-api/env.py": "from app import x\n"},
])  # fmt: skip
def test_nothing_without_the_monoliths_alembic(files: dict[str, str]) -> None:
    """Another application's environment, a service's own and a file that only has the name do not count."""
    assert ({}, []) == rendered("migrations", system([ORDERS], (), files))


def test_what_is_told_of_the_monoliths_environment() -> None:
    """No variable, an asynchronous engine; nothing once it leaves the tables out."""
    text = MONOLITH.replace('os.environ["SHOP_DB_URL"]', "get().url") + "async_engine_from_config()\n"
    files, problems = rendered("migrations", system([ORDERS], (), {ENV: text}))
    assert {"migrations-url", "migrations-async", "migrations-left"} == {problem.code for problem in problems}
    assert 'os.environ["DATABASE_URL"]' in files["apps/order-book/migrations/env.py"]
    left_out = MONOLITH + 'LEFT = {"orders", \'lines\'}\n'
    assert [] == rendered("migrations", system([ORDERS], (), {ENV: left_out}))[1]


def test_versions_keep_their_folder() -> None:
    """Where there are revisions no placeholder is put, and a file that is somebody's stays."""
    there = {ENV: MONOLITH, "apps/order-book/migrations/versions/1_a.py": "",
             "apps/order-book/alembic.ini": "[alembic]\n"}  # fmt: skip
    files, problems = rendered("migrations", system([ORDERS], (), there))
    assert {"apps/order-book/migrations/env.py", "apps/order-book/migrations/script.py.mako"} == files.keys()
    assert "kept" in {problem.code for problem in problems}


def test_revisions_are_written_as_the_monoliths() -> None:
    """By its template, which may import what its columns are made of, such as SQLModel's types; else by one of ours."""
    path = "apps/order-book/migrations/script.py.mako"
    theirs = {ENV: MONOLITH, "apps/shop-api/migrations/script.py.mako": "import sqlmodel\n"}
    assert f"## {MARK}\nimport sqlmodel\n" == rendered("migrations", system([ORDERS], (), theirs))[0][path]
    ours = rendered("migrations", system([ORDERS], (), {ENV: MONOLITH}))[0][path]
    assert ours.startswith(f'## {MARK}\n"""${{message}}\n')


TABLE = "from sqlmodel import Field, SQLModel\n\n\nclass {}(SQLModel, table=True):\n    __tablename__ = \"{}\"\n" \
    "    id: int = Field(primary_key=True)\n"  # fmt: skip


def test_what_leaves_has_its_tables_and_models(tmp_path: Path) -> None:
    """An extraction renders both; a copy is imported by its name and not owned; a table without a class counts."""
    more = "order_book\nfrom app.domain.order import Order\n\n"
    router = SHOP["src/app/routers/orders.py"].replace("order_book\n\n", more)
    user = TABLE.format("User", "users") + "# filler\n" * 60  # too long for the core: the service carries a copy
    order = TABLE.format("Order", "orders") + '    user_id: int = Field(foreign_key="users.id")\n'
    order += '\n\nlinks = sa.Table("order_links", SQLModel.metadata, sa.Column("id"))\nshown = Table("shown")\n'
    order = "import sqlalchemy as sa\nfrom rich.table import Table\n" + order
    write_files(tmp_path, SHOP | {
        "decompose.toml": SHOP["decompose.toml"].replace('"pyproject"', '"migrations"'),
        "src/app/domain/__init__.py": "", "src/app/domain/order.py": order,
        "src/app/domain/user.py": user,
        "src/app/routers/orders.py": router, "alembic/env.py": MONOLITH,
    })  # fmt: skip
    done = app.extract(app.Options(repo=tmp_path, cache=False), ("orders",))
    apply_changes(tmp_path, done.change_set, "extract orders", ("orders",))
    env = (tmp_path / "apps/orders/migrations/env.py").read_text()
    assert 'TABLES = frozenset({\n    "order_links",\n    "orders",\n})' in env
    assert (tmp_path / "apps/orders/src/app/_copied/domain/user.py").exists()
    assert 'MODELS = (\n    "app.domain.order",\n    "app.domain.user",\n)' in env
    assert ["migrations-left"] == [one.code for one in done.problems if one.code.startswith("migrations")]
    assert () == app.scaffold(app.Options(repo=tmp_path, cache=False), "migrations", None).change_set.paths()
