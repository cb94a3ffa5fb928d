"""A small monolith that writes to a database, from which `notes` and `tags` can leave; each answers with its words."""

from __future__ import annotations

SOURCE = "apps/notes-api/src/app"
_RULES = """name = "{name}"
description = "{name}"
phase = {phase}
port = 81{phase}0

[[rule]]
paths = ["routers/{name}.py"]
precedence = 100
reason = "by name"
"""
NOTES = {
    "decompose.toml": """source = "apps/notes-api/src"
package = "app"
entry = ["app.main:app"]
rules = "rules"
services = "apps"
""",
    "rules/notes.toml": _RULES.format(name="notes", phase=2),
    "rules/tags.toml": _RULES.format(name="tags", phase=3),
    "apps/notes-api/pyproject.toml": '[project]\nname = "notes-api"\nversion = "1"\ndependencies = ["fastapi"]\n',
    f"{SOURCE}/__init__.py": "",
    f"{SOURCE}/database.py": """import os
import sqlite3
from collections.abc import Iterator


def connection() -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(os.environ["NOTES_DB"], isolation_level=None, check_same_thread=False)
    database.execute("CREATE TABLE IF NOT EXISTS notes (id TEXT PRIMARY KEY, text TEXT, at TEXT)")
    database.execute("CREATE TABLE IF NOT EXISTS tags (note TEXT, name TEXT)")
    try:
        yield database
    finally:
        database.close()
""",
    f"{SOURCE}/routers/__init__.py": "",
    f"{SOURCE}/routers/notes.py": """import datetime
import sqlite3
import uuid

from fastapi import APIRouter, Depends, HTTPException, Response
from pydantic import BaseModel

from app.database import connection

router = APIRouter(prefix="/notes")


class Note(BaseModel):
    text: str


@router.post("", status_code=201)
def write(note: Note, response: Response, database: sqlite3.Connection = Depends(connection)) -> dict[str, str]:
    made = (str(uuid.uuid4()), note.text, datetime.datetime.now(datetime.UTC).isoformat())
    database.execute("INSERT INTO notes VALUES (?, ?, ?)", made)
    response.headers["X-Note"] = "kept"
    return dict(zip(("id", "text", "at"), made))


@router.get("")
def every(database: sqlite3.Connection = Depends(connection)) -> list[str]:
    return [text for text, in database.execute("SELECT text FROM notes ORDER BY at")]


@router.get("/{note_id}")
def one(note_id: str, database: sqlite3.Connection = Depends(connection)) -> dict[str, str]:
    for found in database.execute("SELECT id, text, at FROM notes WHERE id = ?", (note_id,)):
        return dict(zip(("id", "text", "at"), found))
    raise HTTPException(404, f"no note {note_id}")


@router.delete("/{note_id}", status_code=204)
def remove(note_id: str, database: sqlite3.Connection = Depends(connection)) -> None:
    database.execute("DELETE FROM notes WHERE id = ?", (note_id,))
""",
    f"{SOURCE}/routers/tags.py": """import sqlite3

from fastapi import APIRouter, Depends

from app.database import connection

router = APIRouter(prefix="/notes/{note_id}/tags")


@router.put("/{name}")
def tag(note_id: str, name: str, database: sqlite3.Connection = Depends(connection)) -> dict[str, int]:
    database.execute("INSERT INTO tags VALUES (?, ?)", (note_id, name))
    return {"tags": database.execute("SELECT count(*) FROM tags").fetchone()[0]}
""",
    f"{SOURCE}/main.py": """from fastapi import FastAPI

from app.routers.notes import router as notes
from app.routers.tags import router as tags

app = FastAPI()
app.include_router(notes, prefix="/v1")
app.include_router(tags, prefix="/v1")


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}
""",
}
