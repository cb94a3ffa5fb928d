"""How services and files stand to their limits: the command `limits`, wired together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from decomposer.app.checking import known
from decomposer.app.extracting import must_be_known, tree_of
from decomposer.app.options import Options
from decomposer.app.pruning import pruned
from decomposer.app.reading import Analysis, analysis
from decomposer.app.splitting import proposals
from decomposer.app.suggesting import situation_of
from decomposer.model.problems import DecomposerError
from decomposer.shell import disk, locate

if TYPE_CHECKING:
    from decomposer.extracting.tree import Tree
    from decomposer.fitting.services import Divide, Suggest
    from decomposer.model.fit import FileFit


def limits(options: Options, contexts: tuple[str, ...], baseline: Path | None) -> tuple[dict[str, Any], bool]:
    """Every limit and what brings each below (see `decomposer.report.limits`), and whether one is newly broken.

    Raises DecomposerError for a context that there is not, and a baseline that cannot be read.
    """
    import datetime

    from decomposer.fitting.services import fit_services
    from decomposer.gating import findings
    from decomposer.gating.scene import Scene
    from decomposer.model.fit import Fit
    from decomposer.report.limits import limits_document

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    must_be_known(found, contexts)
    tree = tree_of(listing, found)
    after, refused = _pruned(options, listing, found, tree)
    left = replace(found, repository=replace(found.repository, python=after.python, texts=after.texts),
                   graph=after.graph, rule_set=after.rule_set, assignment=after.assignment)  # fmt: skip
    suggest, divide, missing = _solver()
    services = fit_services(situation_of(found), situation_of(left), tree.core_lines,
                            lambda placement: after.placed(placement).core_lines, suggest, divide)
    told, _ = known(listing, findings(Scene(tree, datetime.date.today()), ("limits",)), ("limits",), baseline)
    fit = Fit(tuple(services), tuple(_files(found, left, after)), tuple(filter(None, [refused, missing])))
    document = limits_document(fit, found.config.limits, told, contexts)
    asked = {one["name"] for one in document["services"]} | {one["module"] for one in document["files"]}
    return document, any(finding.fails for finding in told if finding.subject in asked)


def _pruned(options: Options, listing: disk.Listing, found: Analysis, tree: Tree) -> tuple[Tree, str]:
    """The repository without its dead code; as it is, and why, where that cannot be taken out."""
    from decomposer.model.dead_code import DEAD

    planned, after = pruned(options, listing, found, tree, (), DEAD, with_tests=False)
    errors = [problem for problem in planned.problems if problem.severity == "error"]
    if errors:
        return tree, f"Dead code cannot be taken out: {errors[0].render()}"
    return after, ""


def _solver() -> tuple[Suggest | None, Divide | None, str]:
    """What finds another placement, and why there is none where OR-tools is not installed."""
    from decomposer.placing.solver import solver
    from decomposer.placing.suggestions import divisions, suggestions

    try:
        solver()
    except DecomposerError as error:
        problem = error.problems[0]
        return None, None, f"What another placement would bring is not told: {problem.message} ({problem.hint})."
    return suggestions, divisions, ""


def _files(found: Analysis, left: Analysis, after: Tree) -> list[FileFit]:
    """The files over their limit, the longest first, and how each falls into modules when dead code has gone."""
    from decomposer.model.fit import FileFit, Part
    from decomposer.syntax.header import is_generated

    limit = found.config.limits.file
    nodes = [node for node in found.graph.nodes if node.role in ("module", "package") and node.lines > limit]
    nodes.sort(key=lambda node: (-node.lines, node.path))
    lines = {node.path: node.lines for node in left.graph.nodes}
    made = proposals(left, after.read, [node.name for node in nodes if lines.get(node.path, 0) > limit])
    told = []
    whole = {path: f"nothing can import it: {package} has its name"
             for path, package in after.code.modules.shadowed.items()}  # fmt: skip
    whole |= {node.path: "it is generated, and would come again" for node in nodes
              if is_generated(after.read(node.path) or b"")}  # fmt: skip
    for node in nodes:
        reading = made.get(node.name) if node.path not in whole else None
        parts = tuple(Part(part.module, part.lines) for part in reading.proposal.parts) if reading else ()
        why = reading.proposal.why if reading else whole.get(node.path, "")
        told.append(FileFit(node.path, node.name, found.assignment.context(node.path), node.lines,
                            lines.get(node.path, 0), parts, why, bool(reading and reading.bases)))  # fmt: skip
    return told
