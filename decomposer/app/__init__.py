"""One function per command: the only place where the stages are wired together."""

from __future__ import annotations

from decomposer.app.beginning import init
from decomposer.app.extracting import contexts, cutover, extract, extract_steps, scaffold, tree_of, way_of
from decomposer.app.keeping import apply, changes, only_writer, rollback
from decomposer.app.options import Options, Progress
from decomposer.app.progress import status
from decomposer.app.proving import verify, verify_baseline
from decomposer.app.reading import Analysis, Answer, analysis, analyze, explain, graph
from decomposer.app.renaming import move, repair

__all__ = [
    "Analysis", "Answer", "Options", "Progress", "analysis", "analyze", "apply", "changes", "contexts", "cutover",
    "explain", "extract", "extract_steps", "graph", "init", "move", "only_writer", "repair", "rollback", "scaffold",
    "status", "tree_of", "verify", "verify_baseline", "way_of",
]  # fmt: skip
