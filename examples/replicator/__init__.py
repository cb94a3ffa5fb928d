"""The parts of the replica: what the blueprint says, and how each piece of a module is written."""
