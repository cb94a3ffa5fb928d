"""One file per form of reference: how it is read from a tree; the only user of LibCST and of `ast`."""
