"""Classes that are too long: how many groups of methods share nothing, and which could leave, computed by hand."""

from __future__ import annotations

from decomposer.splitting.classes import large_classes, lcom4, method_groups
from decomposer.syntax.methods import read_classes

BASKET = b'''class Basket:
    def __init__(self, session):
        self.session, self.items, self.codes = session, [], []

    def add(self, item):
        self.items.append(item)

    def count(self):
        return len(self.items)

    def redeem(self, code):
        self._check(code)

    def _check(self, code):
        return code in self.codes

    @staticmethod
    def version():
        return 1
'''


def test_methods_without_anything_in_common_are_groups_of_their_own() -> None:
    """`add` and `count` share items, `redeem` calls `_check`, `version` has nothing of the object: three groups."""
    (basket,) = read_classes(BASKET)
    assert 3 == lcom4(basket)
    assert [("add", "count"), ("redeem", "_check"), ("version",)] == [one.methods for one in method_groups(basket)]
    assert [("items",), ("codes",), ()] == [one.attributes for one in method_groups(basket)]


def test_a_method_that_uses_both_makes_one_group_of_two() -> None:
    """LCOM4 falls when a method is added that shares with both."""
    (basket,) = read_classes(BASKET + b"\n    def both(self):\n        return self.items, self.codes\n")
    assert 2 == lcom4(basket)


def test_an_attribute_of_most_methods_tells_none_apart() -> None:
    """What nearly all methods use (a session) counts for LCOM4, and keeps no group together."""
    lines = [b"class Jobs:\n"]
    for name, own in ((b"a", b"x"), (b"b", b"x"), (b"c", b"y"), (b"d", b"y"), (b"e", b"z"), (b"f", b"z")):
        lines.append(b"    def %s(self):\n        self.session.add(self.%s)\n" % (name, own))
    (jobs,) = read_classes(b"".join(lines))
    assert 1 == lcom4(jobs)
    assert [("a", "b"), ("c", "d"), ("e", "f")] == [group.methods for group in method_groups(jobs)]


def test_only_classes_over_the_limit_are_told_of() -> None:
    """A class of as many lines as a module may have is none."""
    classes = tuple(read_classes(BASKET))
    lines = classes[0].end_line
    assert () == large_classes(classes, lines)
    assert ["Basket"] == [one.name for one in large_classes(classes, lines - 1)]
