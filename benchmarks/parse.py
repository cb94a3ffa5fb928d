"""The yardstick: parse every file named on standard input with LibCST, in order or in worker processes.

`python parse.py WORKERS < FILES`, one path a line. Nothing is done with a tree but to drop it.
"""

import sys
from multiprocessing import Pool
from pathlib import Path

import libcst


def parse(path: str) -> None:
    """Parses one file; what LibCST cannot read is passed over, as by any tool that goes on."""
    try:
        libcst.parse_module(Path(path).read_bytes())
    except (libcst.ParserSyntaxError, UnicodeDecodeError, RecursionError) as error:
        print(f"{path}: {type(error).__name__}", file=sys.stderr)


def main() -> None:
    """Parses all files; with more than one worker the largest first, so that all end at once."""
    workers, paths = int(sys.argv[1]), sys.stdin.read().splitlines()
    if workers == 1:
        for path in paths:
            parse(path)
        return
    paths.sort(key=lambda path: -Path(path).stat().st_size)
    with Pool(workers) as pool:
        for _ in pool.imap_unordered(parse, paths):
            pass


if __name__ == "__main__":
    main()
