"""Which tables a text of SQL names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.model.queries import HOLE
from decomposer.owning.sql import created_names, named_tables


def told(text: str) -> list[str]:
    """The tables as `name`, or `name!` where they are changed."""
    return [one.table + "!" * one.writes for one in named_tables(text)]


@pytest.mark.parametrize(("text", "tables"), [
    ("SELECT * FROM jobs", ["jobs"]),
    ("select j.id from jobs j join users as u on u.id = j.user_id", ["jobs", "users"]),
    ("SELECT 1 FROM jobs AS j, users u, tags WHERE j.a = u.b", ["jobs", "users", "tags"]),
    ('SELECT 1 FROM "jobs" LEFT OUTER JOIN public."users" USING (id)', ["jobs", "users"]),
    ("SELECT 1 FROM `jobs`, [my users]", ["jobs", "my users"]),
    ("SELECT 1 FROM (SELECT id FROM jobs) AS x WHERE EXISTS (SELECT 1 FROM users)", ["jobs", "users"]),
    ("INSERT INTO jobs (id, name) VALUES (1, 'FROM users')", ["jobs!"]),
    ("INSERT INTO jobs SELECT * FROM users ON CONFLICT DO UPDATE SET id = 1", ["jobs!", "users"]),
    ("UPDATE jobs SET a = 1 FROM users WHERE users.id = jobs.id", ["jobs!", "users"]),
    ("DELETE FROM jobs USING users WHERE jobs.a = users.a", ["jobs!", "users"]),
    ("SELECT id FROM jobs FOR UPDATE", ["jobs"]),
    ("WITH recent AS (SELECT * FROM jobs), b AS (SELECT 1) SELECT * FROM recent, b", ["jobs"]),
    ("SELECT EXTRACT(year FROM created) FROM jobs", ["jobs"]),
    ("SELECT a IS DISTINCT FROM b FROM jobs -- FROM users\n/* FROM tags */", ["jobs"]),
    ("SELECT * FROM generate_series(1, 2)", []),
    ("DROP TABLE IF EXISTS jobs, users", ["jobs!", "users!"]),
    ("ALTER TABLE ONLY jobs ADD FOREIGN KEY (u) REFERENCES users (id)", ["jobs!", "users"]),
    ("TRUNCATE jobs", ["jobs!"]),
    (f"SELECT * FROM {HOLE} JOIN jobs_{HOLE}", [HOLE, f"jobs_{HOLE}"]),
    ("update jobs failed", []),
    ("'", []),
])  # fmt: skip
def test_the_tables_that_a_text_names(text: str, tables: list[str]) -> None:
    """By where they stand; not what a WITH names, a function's rows, a comment or a literal."""
    assert tables == told(text)


@pytest.mark.parametrize(("text", "tables"), [
    ("CREATE TABLE IF NOT EXISTS public.jobs (id INT REFERENCES users (id))", ["jobs"]),
    ('create unlogged table "Jobs" as select 1 from users', ["Jobs"]),
    ("CREATE TABLE jobs (id INT); CREATE TABLE users (id INT)", ["jobs", "users"]),
    ("CREATE OR REPLACE VIEW busy AS SELECT * FROM jobs", ["busy"]),
    ("ALTER TABLE jobs RENAME TO tasks", ["tasks"]),
    ("ALTER TABLE jobs RENAME COLUMN a TO b", []),
    ("CREATE TEMPORARY TABLE jobs (id INT)", []),
    ("CREATE INDEX i ON jobs (id)", []),
    ("DROP TABLE jobs", []),
    (f"CREATE TABLE {HOLE}jobs (id INT)", [f"{HOLE}jobs"]),
])  # fmt: skip
def test_the_tables_that_a_text_creates(text: str, tables: list[str]) -> None:
    """Those that are there for good, and views; a hole in a name stays in it."""
    assert tables == created_names(text)


NAMES = st.sampled_from(["jobs", "users", "Tags", "order", "a_b"])
SPACE = st.sampled_from([" ", "\n", "  ", " /* FROM ghosts */ ", " -- x\n"])


@given(st.lists(NAMES, min_size=1, max_size=4), st.data())
def test_spelling_does_not_matter(names: list[str], data: st.DataObject) -> None:
    """Quotes, schemas, spaces, comments and case: the same tables in the order of their mention."""
    def word(text: str) -> str:
        return data.draw(st.sampled_from([text.lower(), text.upper()])) + data.draw(SPACE)

    def table(name: str) -> str:
        schema = data.draw(st.sampled_from(["", "public.", '"s".']))
        return f'{schema}"{name}"' + data.draw(SPACE)

    text = word("SELECT") + "1 " + word("FROM") + table(names[0])
    text += "".join(word("JOIN") + table(name) + word("ON") + "1 = 1 " for name in names[1:])
    assert list(dict.fromkeys(names)) == told(text)


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever a string says, it is read; what is named is in it."""
    assert all(one.table in text for one in named_tables(text))
