"""The steps of the monolith's end by their names; nothing is loaded for them, for `--help` tells them too."""

RETIRABLE = ("nginx", "compose", "systemd", "prometheus")
"""The targets of the scaffolding that lead to the monolith, or run it, in the order in which they do without it."""
STEPS = ("announce", "tests", *RETIRABLE, "paths", "aliases")
"""The names of the steps, in order."""
