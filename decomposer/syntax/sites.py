"""One pass over a module's tree that tells where in its bytes every reference stands."""

from __future__ import annotations

import ast
import sys

from msgspec.structs import replace

from decomposer.model.sites import OF_CALL, Sites, UseSite
from decomposer.syntax.bytes_of_text import Text
from decomposer.syntax.newer import parse_known
from decomposer.syntax.parse import parse
from decomposer.syntax.site_statements import Statements

_DEEP = 20_000


def read_sites(source: bytes, content: Text, newer: bool = False) -> Sites:
    """All references of a Python file; what cannot be understood is told in `error`, never raised.

    Of a file whose syntax is `newer` than the running Python, those of the statements that it knows.
    """
    limit = sys.getrecursionlimit()
    try:
        tree, left_out = parse_known(content) if newer else (parse(source, "ast"), ())
        sys.setrecursionlimit(max(limit, _DEEP))
        return replace(_Reader(content).module(tree), left_out=left_out)
    except SyntaxError as error:
        return Sites(error=f"not understood: {error.msg}", error_line=error.lineno or 0)
    except (RecursionError, MemoryError):
        return Sites(error="not understood: nested too deeply")
    except (UnicodeDecodeError, LookupError, ValueError) as error:
        return Sites(error=f"not understood: {error}")
    finally:
        sys.setrecursionlimit(limit)


class _Reader(Statements):
    def module(self, tree: ast.Module) -> Sites:
        """All sites, after the whole tree has been read."""
        self._body(tree.body, "module")
        uses = []
        for start, ends, name, inside, in_text in self.uses:
            root = name.partition(".")[0]
            scope = inside if inside == OF_CALL else self.scopes.binder(inside, root)
            uses.append(UseSite(start, ends, name, scope, self.scopes.imports(scope, root), inside, in_text))
        decorators = []
        for site, inside in self.decorators:
            root = site.name.partition(".")[0]
            found = self.scopes.imports(self.scopes.binder(inside, root), root)
            decorators.append(replace(site, imports=found))
        return Sites(tuple(self.imports), tuple(uses), tuple(self.texts), tuple(decorators), self.scopes.table(),
                     self.has_main)  # fmt: skip
