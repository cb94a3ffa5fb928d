"""Copies that services carry are what they were copied from."""

from __future__ import annotations

import hashlib
from pathlib import Path

from decomposer.checks.copies import Carried, same_copies
from decomposer.model.certificate import FAILS, HOLDS
from decomposer.verifying.carried import copies_of
from decomposer.verifying.places import Places
from tests.conftest import write_files
from tests.verifying.conftest import CONFIG

ORIGINAL = b"from app.models import Escrow\n\n\ndef close() -> None:\n    Escrow().close()\n"
PATH = "apps/a/src/app/_copied/services/escrow.py"
HOME = "apps/shop-api/src/app/services/escrow.py"
PACKAGES = ("app", "shop_core")


def marked(content: bytes, digest: str = "") -> bytes:
    """A copy as extract writes it."""
    digest = digest or hashlib.sha256(ORIGINAL).hexdigest()
    return f"# decompose: copy of {HOME}, carried until a client replaces it\n# sha256 {digest}\n".encode() + content


def told(content: bytes, now: bytes = ORIGINAL, original: str = HOME) -> tuple[str, str]:
    """Whether a copy holds, and the first line of what is told."""
    check = same_copies([Carried(PATH, content, original, now)], PACKAGES)
    return check.state, check.evidence[0]


def test_a_copy_holds() -> None:
    """A copy says what its original says: the mark may stand at the end, and a package may have another name."""
    assert (HOLDS, "1 copies") == told(marked(ORIGINAL))
    shebang = b"#!/usr/bin/python\n" + ORIGINAL
    assert (HOLDS, "1 copies") == told(shebang + marked(b""), shebang)
    assert (HOLDS, "1 copies") == told(shebang.rstrip() + b"\n" + marked(b""), shebang.rstrip())
    assert (HOLDS, "1 copies") == told(marked(ORIGINAL.replace(b"app.models", b"shop_core.models")))


def test_an_edited_copy_fails() -> None:
    """A copy that was edited, and one whose original was, are told apart by the digest that was written down."""
    edited = ORIGINAL.replace(b"close()", b"open()")
    assert (FAILS, f"{PATH}: was edited; it is a copy of {HOME}, change that") == told(marked(edited))
    assert (FAILS, f"{PATH}: {HOME} has changed since it was copied") == told(marked(ORIGINAL), edited)


def test_what_is_no_copy() -> None:
    """A module without a mark fails, a package's part has none; an original that is gone is told."""
    assert (FAILS, f"{PATH}: lies among the copies, and does not say what it is a copy of") == told(ORIGINAL)
    barrel = Carried("apps/a/src/app/_copied/services/__init__.py", b"", "")
    check = same_copies([barrel], PACKAGES)
    assert (HOLDS, ("0 copies",)) == (check.state, check.evidence)
    check = same_copies([Carried(PATH, marked(ORIGINAL), "")], PACKAGES)
    assert (HOLDS, f"{PATH}: what it is a copy of is not there any more ({HOME})") == (check.state, check.evidence[1])


def test_an_original_is_found_in_its_new_home(tmp_path: Path) -> None:
    """The original lies where the mark says, or in the service that has taken it since."""
    places = Places(str(tmp_path), CONFIG, ("a", "b"), {})
    write_files(tmp_path, {PATH: marked(ORIGINAL), HOME: ORIGINAL})
    assert [Carried(PATH, marked(ORIGINAL), HOME, ORIGINAL)] == copies_of(places, "a")
    (tmp_path / HOME).unlink()
    assert [Carried(PATH, marked(ORIGINAL), "")] == copies_of(places, "a")
    left = HOME.replace("shop-api", "b")
    write_files(tmp_path, {left: ORIGINAL})
    assert [Carried(PATH, marked(ORIGINAL), left, ORIGINAL)] == copies_of(places, "a")
    assert [] == copies_of(places, "b")


def test_an_import_counts_where_nothing_was_renamed() -> None:
    """With the monolith's package name a copy has its original's imports; only services' own packages respell them."""
    other = ORIGINAL.replace(b"from app.models import", b"from app.services import")
    copies = [Carried(PATH, marked(ORIGINAL), HOME, other)]
    assert FAILS == same_copies(copies, PACKAGES).state
    assert HOLDS == same_copies(copies, PACKAGES, True).state
    assert FAILS == same_copies([Carried(PATH, marked(ORIGINAL), HOME, other + b"X = 1\n")], PACKAGES, True).state


def test_a_file_that_means_the_folder_it_had_says_the_same() -> None:
    """In a copy as in an original that has moved: what stays where it was is found from either."""
    plain = ORIGINAL + b"PLACE = __file__\n"
    made = plain.replace(b"__file__", b'__import__("os").path.abspath(__file__ + "/../../../old/app/a.py")')
    for copy, original in (plain, made), (made, plain), (made, made.replace(b"old", b"elder")):
        assert HOLDS == same_copies([Carried(PATH, marked(copy), HOME, original)], PACKAGES).state
    assert FAILS == same_copies([Carried(PATH, marked(made), HOME, made + b"X = 1\n")], PACKAGES).state
