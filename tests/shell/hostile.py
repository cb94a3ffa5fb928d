"""A repository with everything that goes wrong with files, and what each reader can say of each."""

from __future__ import annotations

import os
from pathlib import Path

from tests.conftest import write_files

NESTED = b"x = " + b"(" * 2000 + b"1" + b")" * 2000 + b"\n"
ELIFS = b"if a == 0:\n    pass\n" + b"".join(b"elif a == %d:\n    pass\n" % i for i in range(2000))
MINUS = b"x = " + b"-" * 5000 + b"1\n"
BIG = b"DATA = [\n" + b"    'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',\n" * 230_000 + b"]\n"
SIDE_EFFECT = b"import pathlib\npathlib.Path(__file__).with_name('was-imported').touch()\nfrom shop import target\n"
MAIN = b"""from fastapi import FastAPI
from shop.billing import invoices

app = FastAPI()


@app.get("/x")
def x(): ...
"""
BILLING = b"""name = "billing"
port = 8101

[[rule]]
paths = ["billing/**"]
reason = "Its own."
"""

UNDERSTOOD: dict[str, tuple[bytes, int]] = {
    "crlf.py": (b"import os\r\n\r\nfrom shop import target\r\n", 3),
    "cr.py": (b"import os\rfrom shop import target\r", 2),
    "mixed.py": (b"import os\r\n\rfrom shop import target\n", 3),
    "bom.py": (b"\xef\xbb\xbffrom shop import target\n", 1),
    "tabs.py": (b"def f():\n\tif True:\n\t\tfrom shop import target\n", 3),
    "formfeed.py": (b"import os\n\x0c\n\x0cfrom shop import target\n", 3),
    "no_line_end.py": (b"\n\nfrom shop import target", 3),
    "latin.py": ("# -*- coding: latin-1 -*-\nNAME = 'é'\nfrom shop import target\n".encode("latin-1"), 3),
    "elifs.py": (ELIFS + b"from shop import target\n", 4003),
    "circle_a.py": (b"from shop import circle_b\nfrom shop import target\n", 2),
    "circle_b.py": (b"from shop import circle_a\nfrom shop import target\n", 2),
    "new_syntax.py": (b"type Pair = tuple[int, int]\nclass Box[T]:\n    from shop import target\n", 3),
    "surrogate.py": (b'HALF = "\\ud800"\nPATH = "\\udfff.x"\nfrom shop import target\n', 3),
    "many_attributes.py": (b"x = a" + b".b" * 900 + b"\nfrom shop import target\n", 2),
    "side_effect.py": (SIDE_EFFECT, 3),
    "café.py": (b"from shop import target\n", 1),
    "two words.py": (b"from shop import target\n", 1),
    'quo"te\\.py': (b"from shop import target\n", 1),
    "line\nend.py": (b"from shop import target\n", 1),
    "escape\x1b[31m.py": (b"from shop import target\n", 1),
}
"""Files below the package that both readers understand, and the line in each that loads `shop.target`."""

NOT_UNDERSTOOD: dict[str, tuple[bytes, tuple[int, ...], str, str]] = {
    "not_utf8.py": (b"x = '\xe9\xff'\n", (1,), "can't decode byte 0xe9", "invalid or missing encoding declaration"),
    "no_such_encoding.py": (b"# coding: klingon\n", (0, 1), "unknown encoding", "unknown encoding"),
    "nul.py": (b"import os\n\0\n", (2,), "a NUL byte at offset 10", "a NUL byte at offset 10"),
    "syntax.py": (b"x = 1\ndef f(:\n    pass\n", (2, 3), "invalid syntax", "parser error"),
    "python2.py": (b"print 'x'\n", (1,), "Missing parentheses", "parser error"),
    "new_and_wrong.py": (b"type X = int\nclass A[T]\n    pass\n", (2, 3), "not understood", "parser error"),
    "nested.py": (NESTED, (0,), "the reader libcst crashed on it", "the reader libcst crashed on it"),
    "big.py": (BIG, (0,), "more than the 4,194,304 that are read", "more than the 4,194,304 that are read"),
    "number.py": (b"x = " + b"9" * 10_000 + b"\n", (0, 1), "Exceeds the limit", "Exceeds the limit"),
}
"""Files below the package that cannot be understood, the line, and what `ast` and LibCST have to say about it."""

ONLY_LIBCST_FAILS = {"minus.py": (MINUS, "nested too deeply")}
"""Files that LibCST does not understand, though `ast` may."""

LINKS = {
    "shop/outside.py": ("/etc/passwd", "a symbolic link to `/etc/passwd`: not followed"),
    "shop/loop.py": ("loop.py", "which leads nowhere or to itself"),
    "shop/alias.py": ("target.py", "a symbolic link to `target.py`"),
    "shop/up": ("..", "a symbolic link to `..`"),
    "docs/passwd.md": ("/etc/passwd", "a symbolic link to `/etc/passwd`"),
    "docs/gone.md": ("nowhere.md", "which leads nowhere or to itself"),
}
"""Symbolic links that are told of, their targets, and what is said."""

SECRETS = (".env", ".env.local", "shop/.env", "shop/billing/.env", ".env.yaml")


def write_hostile(root: Path) -> None:
    """Writes the repository into a folder."""
    write_files(root, {f"shop/{name}": content for name, (content, _) in UNDERSTOOD.items()})
    write_files(root, {f"shop/{name}": content for name, (content, *_) in NOT_UNDERSTOOD.items()})
    write_files(root, {f"shop/{name}": content for name, (content, _) in ONLY_LIBCST_FAILS.items()})
    write_files(root, dict.fromkeys(SECRETS, b"PASSWORD=shop.target\n"))
    write_files(root, {
        "shop/__init__.py": b"",
        "shop/empty.py": b"",
        "shop/target.py": b"VALUE = 1\n",
        "shop/main.py": MAIN,
        "shop/billing/__init__.py": b"",
        "shop/billing/invoices.py": b"from shop import target\r\n",
        "shop/billing/barrel.py": b"from . import missing\nfrom ....... import x\n",
        "decompose.toml": b'package = "shop"\nentry = ["shop.main:app"]\nrules = "contexts"\n',
        "contexts/core.toml": b'name = "core"\nshared = ["*.py"]\n',
        "contexts/billing.toml": BILLING,
        "deploy.yaml": b"\xff\xfe run: shop.main:app\n",
        "docs/nul.md": b"shop.target\0\n",
        "docs/line.md": b"shop/" * 100_000,
        "docs/big.md": b"shop.target\n" * 50_000,
    })  # fmt: skip
    for path, (target, _) in LINKS.items():
        (root / path).symlink_to(target)
    (root / "docs/target.md").symlink_to("nul.md")
    with open(os.path.join(os.fsencode(root), b"shop", b"not\xe9utf8.py"), "wb") as file:
        file.write(b"from shop import target\n")
    os.mkfifo(root / "shop" / "pipe.py")
