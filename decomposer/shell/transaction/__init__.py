"""One change of many files that is made whole or not at all, whenever the power fails.

`.decompose/unfinished/` holds a change while it is made, and renaming it to `.decompose/history/<id>/` commits it:

1. Every new file is written to `staged/` and flushed, then `journal.json`, which says what is going to happen.
2. Each file that goes is renamed into `before/`, each that comes is renamed from `staged/` to its place.
3. The folder is renamed into the history. A folder `unfinished` that is found later belongs to a run that was
   killed: what it staged is thrown away, and what it had put into `before/` is renamed back.

So nothing is ever copied over anything, and undoing needs no room on the disk. Whether a file has moved is read off
the disk, not remembered: it is still in `staged/` or it has come, it is in `before/` or it has not gone. Undoing may
therefore be killed and begun again at any point.
"""
