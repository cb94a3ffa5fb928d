"""`decompose data`: who owns each table, and what ties the tables of two contexts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import invoke
from tests.conftest import write_files

SHOP = {
    "decompose.toml": 'source = "."\npackage = "shop"\nentry = ["shop.main:app"]\nrules = "rules"\n',
    "rules/core.toml": 'name = "core"\nshared = ["main.py", "__init__.py", "base.py"]\n',
    "rules/sales.toml": 'name = "sales"\nport = 8101\n[[rule]]\npaths = ["sales*.py", "order.py"]\nreason = "S."\n',
    "rules/stock.toml": 'name = "stock"\nport = 8102\n[[rule]]\npaths = ["stock*.py", "good.py"]\nreason = "S."\n',
    "shop/__init__.py": "",
    "shop/main.py": "from fastapi import FastAPI\n\nfrom . import sales, stock\n\napp = FastAPI()\n",
    "shop/base.py": 'from sqlmodel import SQLModel\n\n\nclass Log(SQLModel, table=True):\n    __tablename__ = "logs"\n',
    "shop/order.py": "from sqlmodel import Field, Relationship, SQLModel\n\n\nclass Order(SQLModel, table=True):\n"
    '    __tablename__ = "orders"\n    id: int\n    good_id: int = Field(foreign_key="goods.id")\n'
    '    good: "Good" = Relationship()\n',
    "shop/good.py": "from sqlmodel import SQLModel\n\n\nclass Good(SQLModel, table=True):\n"
    '    __tablename__ = "goods"\n    id: int\n',
    "shop/stock.py": '"""SELECT * FROM orders"""\n\nfrom .base import Log\nfrom .good import Good\n\n\n'
    "def count(session):\n    session.exec(select(Log))\n    return session.exec(select(Good).where(Good.id > 1))\n",
    "shop/sales.py": "from sqlalchemy import select, text\n\nfrom . import good as goods\n"
    "from .good import Good as Thing\nfrom .order import Order\n\n\n"
    "def joined(session):\n    found = select(Order)\n    found = found.where(Thing.id == 1)\n    return found\n\n\n"
    "def asked(session):\n    return session.query(goods.Good).all()\n\n\n"
    "def made():\n    return Thing()\n\n\n"
    "def raw(session, table):\n"
    '    session.execute(text(f"select id from goods where id = {1}"))\n'
    '    session.execute(\n        "UPDATE goods "\n        "SET id = 1"\n    )\n'
    '    session.execute("DELETE FROM %s" % table)\n'
    '    print("select some from goods")\n    return "SELECT 1 FROM orders JOIN goods USING (id)"\n\n\n'
    "def own(session):\n    return session.exec(select(Order).options(selectinload(Order.good)))\n",
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop whose sales know too much of the stock."""
    write_files(tmp_path, SHOP)
    return tmp_path


def told(root: Path, *contexts: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, document and errors."""
    code, output, errors = invoke("data", *contexts, "--format", "json", repo=root)
    return code, json.loads(output), errors


def test_every_tie_is_told(shop: Path) -> None:
    """With its kind, place, tables and whether it writes; tables of one's own and of the core tie nothing."""
    code, document, errors = told(shop)
    assert 0 == code
    assert [
        ("foreign key", "shop/order.py:7", ["orders", "goods"], False),
        ("relationship", "shop/order.py:8", ["orders", "goods"], False),
        ("join", "shop/sales.py:10", ["orders", "goods"], False),
        ("query", "shop/sales.py:15", ["goods"], False),
        ("sql", "shop/sales.py:23", ["goods"], False),
        ("sql", "shop/sales.py:25", ["goods"], True),
        ("sql", "shop/sales.py:30", ["orders", "goods"], False),
        ("use", "shop/sales.py:19", ["goods"], False),
    ] == [(tie["kind"], f"{tie['path']}:{tie['line']}", tie["tables"], tie["writes"]) for tie in document["ties"]]
    assert {("sales", ("stock",))} == {(tie["context"], tuple(tie["contexts"])) for tie in document["ties"]}
    assert all(tie["needs"] for tie in document["ties"])
    assert "shop/sales.py:28: warning: the name of a table in SQL is only known when it runs" in errors


def test_what_has_left_is_whose_it_was(shop: Path) -> None:
    """The core takes the classes, and their tables are their contexts' all the same, with all that crosses."""
    ties = [[(tie["kind"], tie["context"], tie["tables"], tie["contexts"]) for tie in told(shop)[1]["ties"]]]
    owners = [{one["name"]: one["context"] for one in told(shop)[1]["tables"]}]
    for name in ("core", "sales"):
        assert 0 == invoke("extract", name, repo=shop)[0]
        document = told(shop)[1]
        ties.append([(tie["kind"], tie["context"], tie["tables"], tie["contexts"]) for tie in document["ties"]])
        owners.append({one["name"]: one["context"] for one in document["tables"]})
    assert ties[0] and [sorted(ties[0])] * 3 == list(map(sorted, ties))
    assert [owners[0]] * 3 == owners


def test_who_owns_what(shop: Path) -> None:
    """Each table once, with its context, what it leaves with, and who else uses it; of contexts that are named."""
    assert [("logs", "core", ["stock"]), ("orders", "sales", []), ("goods", "stock", ["sales"])] == [
        (one["name"], one["context"], one["used_by"]) for one in told(shop)[1]["tables"]
    ]
    assert ["goods"] == [one["name"] for one in told(shop, "stock")[1]["tables"]]
    assert [] == told(shop, "core")[1]["ties"]
    assert 2 == invoke("data", "stokc", repo=shop)[0]


def test_tables_with_two_owners_or_none(shop: Path) -> None:
    """Are errors at the first class, and the exit code says so; twice in one context is a warning."""
    more = 'from sqlmodel import SQLModel\n\n\nclass Again(SQLModel, table=True):\n    __tablename__ = "{}"\n'
    write_files(shop, {"shop/sales_copy.py": more.format("goods"), "shop/lost.py": more.format("losses"),
                       "shop/stock_copy.py": more.format("wares"), "shop/stock_more.py": more.format("wares")})
    code, _, errors = told(shop)
    assert 1 == code
    assert "shop/good.py:4: error: sales and stock declare the table goods" in errors
    assert "shop/lost.py:4: error: nobody owns the table losses" in errors
    assert "shop/stock_copy.py:4: warning: the table wares is declared twice" in errors


def test_as_text(shop: Path) -> None:
    """Kind by kind with figures; what changes another's table is counted."""
    text = invoke("data", repo=shop)[1]
    assert "Foreign keys that cross (1)" in text and "Raw SQL about another context's table (3)" in text
    assert "1 of them changes a table that another context owns." in text
    assert "| context | table |" in invoke("data", "--format", "markdown", repo=shop)[1]


SQL = {
    "shop/good.py": 'def create(db):\n    db.execute("CREATE TABLE goods (id INT)")\n'
    '    db.execute("CREATE TABLE IF NOT EXISTS orders (id INT)")\n',
    "shop/stock.py": 'def again(db):\n    db.execute("CREATE TABLE IF NOT EXISTS goods (id INT)")\n',
    "shop/sales.py": 'def asked(db):\n    db.execute("SELECT 1 FROM orders JOIN goods ON 1 = 1")\n'
    '    db.execute("DELETE FROM goods")\n    db.execute("SELECT * FROM lost, sqlite_master")\n',
}  # fmt: skip


def test_tables_that_sql_creates_are_tables(shop: Path) -> None:
    """Owned by who creates them, once each, where no class declares them; what crosses is told as of others."""
    write_files(shop, SQL)
    code, document, errors = told(shop)
    assert 0 == code
    assert [("goods", "stock", "", "shop/good.py:2", ["sales"])] == [
        (one["name"], one["context"], one["class"], f"{one['path']}:{one['line']}", one["used_by"])
        for one in document["tables"] if one["context"] == "stock"
    ]  # fmt: skip
    assert [("sql", "shop/sales.py:2", False, False), ("sql", "shop/sales.py:3", True, False)] == [
        (tie["kind"], f"{tie['path']}:{tie['line']}", tie["writes"], tie["has_class"]) for tie in document["ties"]
        if tie["kind"] == "sql" and tie["context"] == "sales"
    ]  # fmt: skip
    assert "shop/sales.py:4: warning: a statement names tables that neither a class nor a CREATE TABLE" in errors
    assert "nobody's are told: lost (1)" in errors and "sqlite_master" not in errors
    text = invoke("data", repo=shop)[1]
    assert "shop/good.py:2 (SQL)" in text


def test_tables_that_nobody_s_file_creates_are_told_at_once(shop: Path) -> None:
    """One error for all of them with what to do, and who uses them; it is not said that nothing crosses."""
    create = '"CREATE TABLE {} (id INT)"'
    write_files(shop, {**SQL, "shop/order.py": "", "shop/stock.py": "", "shop/good.py": "", "shop/migrations.py":
                       f"def up(db):\n    db.execute({create.format('goods')})\n"
                       f"    db.execute({create.format('orders')})\n"})  # fmt: skip
    code, document, errors = told(shop)
    assert (1, []) == (code, document["ties"])
    assert "shop/migrations.py:2: error: nobody owns the 2 tables that are created here: goods, orders" in errors
    assert [("goods", ["sales"]), ("orders", ["sales"])] == [
        (one["name"], one["used_by"]) for one in document["tables"] if not one["context"]
    ]
    text = invoke("data", repo=shop)[1]
    assert "Nobody owns goods, orders" in text and "Nothing crosses" not in text


def test_tables_without_a_class_are_tables(shop: Path) -> None:
    """They have an owner, users, foreign keys and queries, each by the name that they are bound to."""
    (shop / "shop/stock_links.py").write_text(
        "from sqlalchemy import Column, ForeignKey, MetaData, Table\n\nmetadata = MetaData()\n"
        'links = Table("links", metadata, Column("good", ForeignKey("goods.id")),\n'
        '              Column("order", ForeignKey("orders.id")))\nTable("loose", metadata)\n'
    )
    (shop / "shop/sales_links.py").write_text(
        "from sqlalchemy import select\n\nfrom .stock_links import links\n\n\n"
        "def asked(session):\n    return session.execute(select(links.c.good))\n\n\n"
        'def raw(session):\n    return session.execute("SELECT 1 FROM loose")\n\n\n'
        "def made():\n    return links.insert()\n"
    )
    code, document, _ = told(shop)
    assert 0 == code
    assert [("links", "stock", ["sales"]), ("loose", "stock", ["sales"])] == [
        (one["name"], one["context"], one["used_by"]) for one in document["tables"] if one["name"] in ("links", "loose")
    ]
    assert {
        ("foreign key", "shop/stock_links.py:5", ("links", "orders")), ("query", "shop/sales_links.py:7", ("links",)),
        ("sql", "shop/sales_links.py:11", ("loose",)), ("query", "shop/sales_links.py:15", ("links",)),
    } == {(tie["kind"], f"{tie['path']}:{tie['line']}", tuple(tie["tables"])) for tie in document["ties"]
          if "links" in tie["path"]}  # fmt: skip
