"""Write a repository of full size: `replica.py OUT [--state bootable|plan] [--copies N] [--force]`.

The coordinator-api as a blueprint describes it: the same modules, line counts, imports, definitions, routes
and tables, with bodies of our own. The same bytes come out each time. `bootable` starts with
`OUT/apps/coordinator-api/src` and `OUT/stubs` on the path; `plan` is a later state with broken imports.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from replicator.blueprint import FILES as STATES
from replicator.blueprint import load
from replicator.modules import module_text
from replicator.stubs import stand_ins
from replicator.surroundings import FILES

SOURCE = "apps/coordinator-api/src"
OWNED = ("apps/coordinator-api", "stubs", "systemd")  # what --force removes
MARK = "stubs/_stand_in.py"  # only a replica has it


def write(path: Path, text: str) -> None:
    """Write a file, and the folders above it, with the same bytes on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def write_replica(out: Path, state: str, copies: int) -> tuple[int, int]:
    """(modules, lines) written below `out`; copy n of the package is its own sub-package `copy_n`."""
    blueprint = load(state)
    lines = 0
    for module in blueprint:
        text = module_text(blueprint, module)
        lines += text.count("\n")
        write(out / SOURCE / module.path, text)
        for number in range(2, copies + 1):
            write(out / SOURCE / module.path.replace("app/", f"app/copy_{number}/", 1), text)
    for path, text in stand_ins(list(blueprint)).items():
        write(out / "stubs" / path, text)
    for path, text in FILES.items():
        write(out / path, text)
    return len(blueprint.files) * copies, lines * copies


def main(arguments: list[str] | None = None) -> int:
    """Exit code: 0 written, 2 the folder is in use."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("out", type=Path, help="the folder to write the repository to")
    parser.add_argument("--state", choices=sorted(STATES), default="bootable")
    parser.add_argument(
        "--copies", type=int, default=1, metavar="N", help="how many times the package is there"
    )
    parser.add_argument("--force", action="store_true", help="replace a replica that is already there")
    given = parser.parse_args(arguments)
    if given.copies < 1:
        parser.error("--copies must be at least 1")
    if given.out.exists() and (not given.out.is_dir() or any(given.out.iterdir())):
        if not given.force or not (given.out / MARK).exists():
            print(
                f"{given.out} is not an empty folder; --force replaces a replica, and nothing else",
                file=sys.stderr,
            )
            return 2
        for name in OWNED:
            shutil.rmtree(given.out / name, ignore_errors=True)
    modules, lines = write_replica(given.out, given.state, given.copies)
    print(f"{given.out}: {modules:,} modules, {lines:,} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
