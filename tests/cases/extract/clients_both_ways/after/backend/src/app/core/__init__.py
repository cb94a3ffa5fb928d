"""The shared core by the names of the plan."""
