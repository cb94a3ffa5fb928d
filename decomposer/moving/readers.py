"""What is used to understand Python files, so that several steps can share what was understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from decomposer.facts.python import Remembered
from decomposer.model.sites import Sites
from decomposer.syntax.bytes_of_text import Text
from decomposer.syntax.sites import read_sites


@dataclass(frozen=True, slots=True)
class Readers:
    """`facts` gives the facts of bytes, each only once; `sites` where references stand in them."""

    facts: Remembered = field(default_factory=Remembered)
    sites: Callable[[bytes, Text, bool], Sites] = read_sites
