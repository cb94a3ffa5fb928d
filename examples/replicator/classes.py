"""Classes of an exact number of lines: enums, models, settings, tables, errors and plain ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, islice

from .blueprint import Blueprint, Class, Function, Module
from .bodies import WORDS, body, indented, seed, snake, words

TYPES = {
    "count": ("int", "0"),
    "label": ("str", '"none"'),
    "share": ("float", "0.5"),
    "active": ("bool", "True"),
}
SUFFIXES = tuple(TYPES)
UUID4 = {"uuid4": "uuid.uuid4"}
JSON_COLUMN = {"JSON": "sqlmodel.JSON", "Column": "sqlmodel.Column"}


def field_names(start: int) -> Iterator[tuple[str, str]]:
    """Endless different (name, suffix), the suffix telling the type."""
    for number in count():
        suffix = SUFFIXES[(number + number // len(WORDS)) % len(SUFFIXES)]
        again = number // (len(WORDS) * len(SUFFIXES))
        yield f"{WORDS[(start + number) % len(WORDS)]}_{suffix}{f'_{again + 1}' if again else ''}", suffix


def has_field(module: Module) -> bool:
    """Whether `Field` is pydantic's or SQLModel's."""
    return module.bound.get("Field") in ("pydantic.Field", "sqlmodel.Field")


def enum_lines(start: int) -> Iterator[str]:
    """Members."""
    for name, _ in field_names(start):
        yield f'{name.upper()} = "{name}"'


def plain_lines(start: int, prefix: str = "") -> Iterator[str]:
    """Annotated attributes, each with a default."""
    for name, suffix in field_names(start):
        annotation, default = TYPES[suffix]
        yield f"{prefix}{name}: {annotation} = {default}"


def enums(blueprint: Blueprint, module: Module, cls: Class) -> list[str]:
    """The enums that a class can name: imported ones, and those above it."""
    names = [local for item in module.outer if item.place == "top" for _, local in item.names]
    names += [other.name for other in module.classes[: module.classes.index(cls)]]
    out = []
    for name in names:
        home, found = blueprint.find(module, name) or (module, None)
        if isinstance(found, Class) and blueprint.kind(home, found) == "enum":
            out.append(name)
    return out


def model_lines(module: Module, start: int, choices: Sequence[str], *, table: bool) -> Iterator[str]:
    """Fields of a pydantic or SQLModel class; in a table also JSON columns, if the module can write them."""
    for number, (name, suffix) in enumerate(field_names(start)):
        annotation, default = TYPES[suffix]
        if choices and number % 5 == 2:
            choice = choices[(start + number // 5) % len(choices)]
            yield f"{snake(choice)}_{number}: {choice} | None = None"
        elif table and number % 6 == 5 and module.has(**JSON_COLUMN):
            yield f"{name}: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON))"
        elif number % 4 == 1 and has_field(module):
            yield f'{name}: {annotation} = Field(default={default}, description="The {words(name)}.")'
        else:
            yield f"{name}: {annotation} = {default}"


def relations(module: Module, cls: Class) -> list[tuple[str, Class, bool]]:
    """(attribute, other class, whether many) for each relationship that the module's foreign keys explain."""

    def parents(child: Class) -> list[Class]:
        tables = {other.table: other for other in module.classes if other.relationships}
        keys = [key.split(".")[-2] for key in child.foreign_keys]
        return [tables[key] for key in keys if key in tables][: child.relationships]

    found = [(snake(parent.name), parent, False) for parent in parents(cls)]
    children = [child for child in module.classes if child.relationships and cls in parents(child)]
    return (found + [(f"{snake(child.name)}_items", child, True) for child in children])[: cls.relationships]


def table_lines(blueprint: Blueprint, module: Module, cls: Class) -> list[str]:
    """What a table must say: name, schema, keys and relationships."""
    out = [f'__tablename__ = "{cls.tablename}"'] if cls.tablename else []
    if cls.tablename is None:  # nothing in the module binds such a name: one more reference that is broken
        out.append(f"__tablename__ = {snake(cls.name).upper()}_TABLE")
    if cls.is_table and cls.table in blueprint.repeated_tables:
        out.append('__table_args__ = {"extend_existing": True}')
    factory = "default_factory=lambda: uuid4().hex" if module.has(**UUID4) else 'default=""'
    out.append(f"id: str = Field({factory}, primary_key=True)" if has_field(module) else 'id: str = ""')
    for column in blueprint.referenced_columns.get(cls.table, ()) if cls.is_table else ():
        out.append(f'{column}: str = Field(default="", unique=True)')
    for number, key in enumerate(cls.foreign_keys):
        again = list(cls.foreign_keys[:number]).count(key)
        name = "_".join(key.split(".")[-2:]) + (f"_{again + 1}" if again else "")
        out.append(f'{name}: str | None = Field(default=None, foreign_key="{key}")')
    for attribute, other, many in relations(module, cls):
        back = snake(cls.name) if many else f"{snake(cls.name)}_items"
        if "Relationship" in module.bound:
            annotation = f'list["{other.name}"]' if many else f'"{other.name}"'
            out.append(f'{attribute}: {annotation} = Relationship(back_populates="{back}")')
        else:
            out.append(f'{attribute}: ClassVar = relationship("{other.name}", back_populates="{back}")')
    return out


def attributes(blueprint: Blueprint, module: Module, cls: Class, lines: int) -> list[str]:
    """The class body's lines that are no method, exactly as many as asked for."""
    kind = blueprint.kind(module, cls)
    start = seed(module.path, cls.name)
    needed = table_lines(blueprint, module, cls) if cls.is_table or cls.tablename or cls.foreign_keys else []
    if any(f"{cls.name}[" in base for other in module.classes for base in other.bases):
        needed.append("__class_getitem__ = classmethod(lambda cls, item: cls)")
    if len(needed) > lines:
        raise ValueError(f"{module.path}: {cls.name} has no room for {needed}")
    doc = [f'"""{words(cls.name).capitalize()}."""']
    if lines >= len(needed) + 4:
        doc.append("")
    room = max(0, lines - len(needed))
    more = {
        "enum": enum_lines(start),
        "settings": plain_lines(start, "option_"),
        "model": model_lines(module, start, enums(blueprint, module, cls), table=cls.is_table),
    }.get(kind, plain_lines(start))
    if room < 2 and kind != "plain":
        doc = []
    return [*doc[:room], *needed, *islice(more, max(0, room - len(doc)))]


def method(
    cls: Class, kind: str, item: Function, first: Sequence[str], uses: Sequence[tuple[str, ...]]
) -> list[str]:
    """One method, `item.loc` lines."""
    head, name, lines = "async def" if item.is_async else "def", f"{cls.name}.{item.name}", item.loc - 1
    if item.name == "__init__":
        options = (
            "**options: object" if kind in ("model", "settings") else "*parts: object, **options: object"
        )
        passed = {"model": "**options", "settings": "**options", "error": "*parts"}.get(kind, "")
        start = f"super().__init__({passed})" if cls.bases else "self.options = dict(options)"
        last, short = "self.state = record", "self.ready = True"
        if kind in ("model", "settings"):
            last, short = "record.clear()", "options.clear()"
        return [
            f"def __init__(self, {options}) -> None:",
            *indented(body(name, lines, first=[start, *first], last=last, short=short)),
        ]
    if item.name == "__post_init__":
        signature, last, short = "(self) -> None", "self.state = record", "self.ready = True"
    elif item.name in ("__aenter__", "__enter__"):
        signature, last, short = "(self) -> object", "return self", "return self"
    elif item.name in ("__aexit__", "__exit__"):
        signature, last, short = "(self, *exc_info: object) -> None", "return None", "return None"
    else:
        signature, last, short = (
            "(self, limit: int = 25) -> dict[str, object]",
            "return record",
            'return {"limit": limit}',
        )
    return [
        f"{head} {item.name}{signature}:",
        *indented(body(name, lines, first=first, uses=uses, last=last, short=short)),
    ]


def class_lines(
    blueprint: Blueprint,
    module: Module,
    cls: Class,
    lazy: Mapping[str, list[str]],
    uses: Sequence[tuple[str, ...]],
) -> list[str]:
    """The class, `cls.loc` lines; `lazy` has the imports to put into a method by `Class.number`."""
    kind = blueprint.kind(module, cls)
    bases = ", ".join([*cls.bases, *(["table=True"] if cls.is_table else [])])
    out = [f"class {cls.name}({bases}):" if bases else f"class {cls.name}:"]
    slack = cls.loc - 1 - sum(item.loc for item in cls.methods)
    gap = 1 if slack > len(cls.methods) else 0
    own = attributes(blueprint, module, cls, slack - gap * len(cls.methods))
    out += indented(own)
    for number, item in enumerate(cls.methods):
        out += [""] * gap
        out += indented(method(cls, kind, item, lazy.get(f"{cls.name}.{number}", ()), uses))
    if len(out) != cls.loc:
        raise ValueError(f"{module.path}: {cls.name} came out with {len(out)} lines instead of {cls.loc}")
    return out
