"""The yardstick, `parse.py WORKERS < PATHS`: every file parsed with LibCST, in order or by workers."""

import sys
from multiprocessing import Pool
from pathlib import Path

import libcst


def parse(path: str) -> None:
    """Parses one file; one that LibCST cannot read is named, and stops nothing."""
    try:
        libcst.parse_module(Path(path).read_bytes())
    except (libcst.ParserSyntaxError, UnicodeDecodeError, RecursionError) as error:
        print(f"{path}: {type(error).__name__}", file=sys.stderr)


if __name__ == "__main__":
    workers, paths = int(sys.argv[1]), sys.stdin.read().splitlines()
    if workers == 1:
        for path in paths:
            parse(path)
    else:  # the largest first, so that all workers end at once
        with Pool(workers) as pool:
            pool.map(parse, sorted(paths, key=lambda path: -Path(path).stat().st_size), chunksize=1)
