"""Types."""

Order = dict
