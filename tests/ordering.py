"""In which order the long tests begin: those that take longest first, so that no worker is left alone with one."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = (
    "test_the_example_without_its_monolith", "test_each_step_of_the_example", "test_four_of_five_long_services",
    "test_all_steps_of_the_replica", "test_contexts_that_call_each_other_leave_together", "test_nothing_dead_of",
    "test_killed_", "test_a_mutant_fails[a route dropped", "test_a_file_that_is_only_renamed",
    "test_the_replica_serves", "test_a_mutant_fails", "test_all_services_answer", "test_the_command",
    "test_flips_lose_nothing", "test_a_small_application", "test_places_are_right_in_the_standard_library",
    "test_every_file_of_the_project",
)  # fmt: skip
"""How the names of long tests begin, as measured, the longest first."""


def longest_first(names: Iterable[str]) -> list[int]:
    """The positions of tests of these names in the order in which they are best begun; others stay as they are."""
    ranks = [next((rank for rank, start in enumerate(LONGEST) if name.startswith(start)), len(LONGEST))
             for name in names]  # fmt: skip
    return sorted(range(len(ranks)), key=ranks.__getitem__)
