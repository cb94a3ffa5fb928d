"""Database tables: SQLModel and declarative classes, and what their columns refer to."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from decomposer.model.facts import TableFact
from decomposer.syntax.dotted import argument, dotted, text
from decomposer.syntax.expressions import fields
from decomposer.syntax.parse import parse

_BASES = frozenset(("DeclarativeBase", "DeclarativeBaseNoMeta", "as_declarative", "as_declarative_base"))


def read_table(node: ast.ClassDef) -> TableFact | None:
    """The table a class declares, None when it declares none.

    It does by `table=True`, by `__tablename__`, or by columns in a class that has bases and is neither abstract nor
    called a mixin: then a base names it. What other classes are declared with is itself no table.
    """
    if _is_declarative_base(node):
        return None
    name: str | None = None
    mapped = abstract = False
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            targets: list[ast.expr] = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        else:
            continue
        written = [dotted(target) for target in targets]
        if "__tablename__" in written:
            name = text(statement.value) or ""
        abstract = abstract or ("__abstract__" in written and _is_true(statement.value))
        mapped = mapped or _is_column(statement.value)
    is_table = any(keyword.arg == "table" and _is_true(keyword.value) for keyword in node.keywords)
    declares = name is not None or is_table or (mapped and bool(node.bases) and not node.name.endswith("Mixin"))
    if not declares or abstract:
        return None
    named_by = "" if name else "class" if is_table else "base"
    return TableFact(node.name, node.lineno, name or "", named_by, tuple(_references(node)))


def read_bare_tables(source: bytes) -> tuple[TableFact, ...]:
    """The tables that a module declares without a class, as `links = Table("links", metadata, ...)`, once each.

    What a table is bound to stands in the place of a class, "" for nothing. There are none in what Python cannot read.
    """
    if b"Table(" not in source:
        return ()
    try:
        body = parse(source, "ast").body
    except (SyntaxError, ValueError, RecursionError):
        return ()
    found: dict[str, TableFact] = {}
    for statement in body:
        value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Expr)) else None
        if isinstance(value, ast.Call) and dotted(value.func).rpartition(".")[2] == "Table" and len(value.args) > 1:
            name = text(value.args[0])
            if name and "metadata" in dotted(value.args[1]).rpartition(".")[2].lower():
                targets = statement.targets if isinstance(statement, ast.Assign) else \
                    [statement.target] if isinstance(statement, ast.AnnAssign) else []  # fmt: skip
                bound = dotted(targets[0]) if targets else ""
                found.setdefault(name, TableFact(bound, statement.lineno, name, "", tuple(_foreign_keys(value))))
    return tuple(found.values())


def _foreign_keys(table: ast.Call) -> Iterator[tuple[str, str, int]]:
    """What the columns of a table refer to, each once."""
    found: dict[tuple[str, str, int], None] = {}
    for inner in _calls(ast.Expr(table)):
        callee = dotted(inner.func).rpartition(".")[2]
        if callee == "ForeignKey" and (target := text(argument(inner, 0, "column"))):
            found["foreign_key", target, inner.lineno] = None
        elif callee == "ForeignKeyConstraint":
            referred = argument(inner, 1, "refcolumns")
            for one in referred.elts if isinstance(referred, (ast.List, ast.Tuple)) else ():
                if target := text(one):
                    found["foreign_key", target, inner.lineno] = None
    yield from found


def _is_declarative_base(node: ast.ClassDef) -> bool:
    """Whether a class is what SQLAlchemy lets others be declared with: by its base, or by its decorator."""
    made = (decorator.func if isinstance(decorator, ast.Call) else decorator for decorator in node.decorator_list)
    return any(dotted(base).rpartition(".")[2] in _BASES for base in (*node.bases, *made))


def _is_true(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is True


def _is_column(value: ast.expr | None) -> bool:
    """Whether a value is `Column(...)` or `mapped_column(...)`."""
    return isinstance(value, ast.Call) and dotted(value.func).rpartition(".")[2] in ("Column", "mapped_column")


def _references(node: ast.ClassDef) -> list[tuple[str, str, int]]:
    """Foreign keys and relationships of a class body, once each and in source order."""
    found: dict[tuple[str, str, int], None] = {}
    for statement in node.body:
        annotation = statement.annotation if isinstance(statement, ast.AnnAssign) else None
        for inner in _calls(statement):
            callee = dotted(inner.func).rpartition(".")[2]
            if callee == "ForeignKey":
                target = text(argument(inner, 0, "column"))
                if target:
                    found["foreign_key", target, statement.lineno] = None
            elif callee in ("relationship", "Relationship"):
                target = text(argument(inner, 0, "argument"))
                names = [target] if target else _class_names(annotation)
                for name in names:
                    found["relationship", name, statement.lineno] = None
            else:
                target = text(argument(inner, -1, "foreign_key"))
                if target:
                    found["foreign_key", target, statement.lineno] = None
    return list(found)


def _calls(statement: ast.stmt) -> Iterator[ast.Call]:
    """All calls of a statement, the outer ones first, as `ast.walk` has them; it would look into every leaf."""
    nodes: list[ast.AST] = [statement]
    for node in nodes:  # it grows meanwhile
        if isinstance(node, ast.Call):
            yield node
        for name in fields(type(node)):
            child = getattr(node, name)
            if isinstance(child, list):
                nodes += [item for item in child if isinstance(item, ast.AST)]
            elif isinstance(child, ast.AST):
                nodes.append(child)


def _class_names(annotation: ast.AST | None) -> list[str]:
    """The class that a relationship's annotation names: Agent for `list["Agent"]`, `Mapped[Agent | None]`."""
    if annotation is None:
        return []
    wrappers = {"list", "List", "Optional", "Mapped", "Union", "set", "Sequence", "None", "typing", "orm"}
    names: dict[str, None] = {}
    for node in ast.walk(annotation):
        literal = text(node)
        candidates = (
            literal.replace("[", " ").replace("]", " ").replace("|", " ").split() if literal
            else [node.id] if isinstance(node, ast.Name) else []
        )  # fmt: skip
        names.update((name.strip("\"' ,"), None) for name in candidates if name not in wrappers)
    return [name for name in names if name.isidentifier() and name not in wrappers]
