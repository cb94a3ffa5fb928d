"""Rule files without the patterns that match nothing: the rest says what it said, byte for byte."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from decomposer.assigning.owners import Idle
from decomposer.model.config import Rule
from decomposer.placing.rule_files import without_idle
from decomposer.rules.contexts import read_rules

PATTERNS = st.lists(st.sampled_from(["a.py", "b.py", "c/*.py", "d"]), min_size=1, max_size=4, unique=True)
RULES = st.lists(st.tuples(st.sampled_from(["paths", "keywords", "symbols", "modules"]), PATTERNS, st.booleans()),
                 max_size=4)  # fmt: skip


def text_of(shared: list[str], rules: list[tuple[str, list[str], bool]]) -> str:
    """A rule file with a comment at each item of every list that is written over several lines."""
    told = 'name = "shop"\n\nshared = [\n' + "".join(f'    "{one}", # {one} is shared\n' for one in shared) + "]\n"
    for number, (kind, patterns, long) in enumerate(rules):
        items = "".join(f'\n    "{one}", # {one}' for one in patterns) + "\n" if long else \
            ", ".join(f'"{one}"' for one in patterns)  # fmt: skip
        told += f'\n[[rule]]\n{kind} = [{items}]\nreason = "{number}"\n'
    return told


@given(PATTERNS, RULES, st.data())
def test_what_matches_nothing_goes_alone(
    shared: list[str], rules: list[tuple[str, list[str], bool]], data: st.DataObject
) -> None:  # fmt: skip
    """Idle patterns go, with their rule where that has no other; whatever else is read says the same."""
    text = text_of(shared, rules)
    known = read_rules({"shop.toml": text}).rules
    going = data.draw(st.sets(st.sampled_from(known)))
    idle = [Idle(rule.path, rule.line, rule.kind, rule.patterns) for rule in going]
    after = without_idle({"shop.toml": text}, idle).get("shop.toml", text)
    left = read_rules({"shop.toml": after}).rules

    def said(found: Iterable[Rule]) -> list[tuple[object, ...]]:
        return [(rule.kind, rule.patterns, rule.precedence, rule.reason) for rule in found]

    assert said(rule for rule in known if rule not in going) == said(left)
    assert set(after.splitlines()) <= {*text.splitlines(), *_shorter(rules)}
    assert bool(idle) == (after != text)


def _shorter(rules: list[tuple[str, list[str], bool]]) -> list[str]:
    """The lines that a list in one line may have when some of its items have gone."""
    found = []
    for kind, patterns, _ in rules:
        for chosen in range(1, 2 ** len(patterns)):
            left = [f'"{one}"' for bit, one in enumerate(patterns) if chosen >> bit & 1]
            found.append(f"{kind} = [{', '.join(left)}]")
    return found


def test_tables_of_which_none_is_left_leave_no_trace() -> None:
    """Neither an empty list of rules nor of dependencies, nor of what is shared."""
    text = 'name = "shop"\nshared = ["a.py"]\n\n[[rule]]\npaths = "b.py"\nreason = "r"\n\n' \
           '[[dependency]]\npaths = ["c.py"]\npolicy = "copy"\nreason = "d"\n'  # fmt: skip
    idle = [Idle("x.toml", 2, "paths", ("a.py",)), Idle("x.toml", 4, "paths", ("b.py",)),
            Idle("x.toml", 8, "dependency", ("c.py",))]  # fmt: skip
    assert {"name": "shop"} == tomllib.loads(without_idle({"x.toml": text}, idle)["x.toml"])
