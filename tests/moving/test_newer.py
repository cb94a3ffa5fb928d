"""Files whose syntax is newer than the running Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from decomposer.syntax.bytes_of_text import text_of
from decomposer.syntax.newer import parse_known
from decomposer.syntax.sites import read_sites
from tests.conftest import ROOT

NEWER = b"""from app import wallet
import app.wallet
type Alias = list[int]
class Box[T](list[T]):
    def get[U: int](
        self, x: U) -> T:
        from .wallet import X
        return app.wallet.X + X
"""


def test_all_but_the_unknown_statements_is_read() -> None:
    """Imports and names around newer syntax have the places that they have in the whole text."""
    content = text_of(NEWER)
    sites = read_sites(NEWER, content, newer=True)
    assert "" == sites.error
    assert ["app", "", "wallet"] == [site.module for site in sites.imports]
    used = {NEWER[use.start : use.ends[-1]] for use in sites.uses}
    assert {b"app.wallet.X", b"X"} <= used


def test_an_unknown_block_keeps_its_place() -> None:
    """The header of a block that is not known becomes a plain one, and its body is read."""
    source = b"import app.wallet\nfor x ?? y:\n    app.wallet.pay()\n"
    tree, left_out = parse_known(text_of(source))
    assert (2,) == left_out
    assert 2 == len(tree.body)


def test_a_move_respells_a_file_of_newer_syntax(tmp_path: Path) -> None:
    """References in it follow, and the rest stays as it is."""
    (tmp_path / "app" / "n").mkdir(parents=True)
    for path, content in (("__init__.py", b""), ("n/__init__.py", b""), ("wallet.py", b"X = 1\n"), ("use.py", NEWER)):
        (tmp_path / "app" / path).write_bytes(content)
    command = [sys.executable, "-m", "decomposer", "move", "app.wallet", "app.n.wallet", "--repo", str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    expected = NEWER.replace(b"from app import", b"from app.n import").replace(b"app.wallet", b"app.n.wallet")
    assert expected.replace(b"from .wallet", b"from .n.wallet") == (tmp_path / "app" / "use.py").read_bytes()
