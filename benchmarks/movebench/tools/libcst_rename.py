"""LibCST: its RenameCommand on every Python file, and the file moved."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from benchmarks.movebench.tools.moving import Move, relocate


def version() -> str | None:
    """The version, if it is installed."""
    try:
        return installed("libcst")
    except PackageNotFoundError:
        return None


def move(move: Move) -> None:
    """Moves as `python -m libcst.tool codemod rename.RenameCommand` does; a file that it cannot do stays as it is."""
    from libcst import ParserSyntaxError
    from libcst.codemod import CodemodContext, TransformSuccess, transform_module
    from libcst.codemod.commands.rename import RenameCommand

    for path in sorted(move.project.rglob("*.py")):
        root = move.source if path.is_relative_to(move.source) else move.project
        parts = path.relative_to(root).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        package = name if is_package else name.rpartition(".")[0]
        context = CodemodContext(filename=str(path), full_module_name=name, full_package_name=package)
        before = path.read_bytes()
        try:
            result = transform_module(RenameCommand(context, move.old, move.new), before.decode())
        except (ParserSyntaxError, UnicodeDecodeError):
            continue
        if isinstance(result, TransformSuccess):
            path.write_bytes(result.code.encode())
    relocate(move)
