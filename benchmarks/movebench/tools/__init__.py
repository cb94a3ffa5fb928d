"""The tools that are compared; one more is one module and one line here."""

from __future__ import annotations

from benchmarks.movebench.tools import decompose, language_server, libcst_rename, plain, rope_move
from benchmarks.movebench.tools.moving import Tool

TOOLS: dict[str, Tool] = {
    "decompose": Tool(decompose.version, decompose.move),
    "decompose --no-alias": Tool(decompose.version, decompose.move_without_alias, without_alias=True),
    "rope": Tool(rope_move.version, rope_move.move),
    "libcst": Tool(libcst_rename.version, libcst_rename.move),
    "sed": Tool(plain.version, plain.replace_names),
    "pyrefly": language_server.tool("pyrefly", "pyrefly", "lsp"),
    "ty": language_server.tool("ty", "ty", "server"),
    "basedpyright": language_server.tool("basedpyright", "basedpyright-langserver", "--stdio"),
    "git mv": Tool(plain.version, plain.move),
}
