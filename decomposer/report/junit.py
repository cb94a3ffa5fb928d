"""What checks found as JUnit's XML, which most pipelines collect.

Source: https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from decomposer.model.findings import Finding

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may have, escaped or not."""


def junit(findings: Sequence[Finding], checks: Iterable[str]) -> str:
    """A suite for each check, in which a finding is a test: failed, or skipped where it does not count."""
    root = ElementTree.Element("testsuites", name="decompose check")
    for check in checks:
        found = [finding for finding in findings if finding.check == check]
        failed = sum(finding.fails for finding in found)
        suite = ElementTree.SubElement(
            root, "testsuite", name=check, tests=str(len(found) or 1), failures=str(failed), errors="0",
            skipped=str(len(found) - failed),
        )  # fmt: skip
        for finding in found:
            _case(suite, finding)
        if not found:
            ElementTree.SubElement(suite, "testcase", classname=check, name="nothing was found")
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _case(suite: ElementTree.Element, finding: Finding) -> None:
    problem = finding.problem
    case = ElementTree.SubElement(
        suite, "testcase", classname=finding.check, name=_plain(f"{problem.code}: {finding.subject}"),
        file=_plain(problem.path), line=str(problem.line or 1),
    )  # fmt: skip
    if finding.fails:
        failure = ElementTree.SubElement(case, "failure", type=problem.code, message=_plain(problem.message))
        failure.text = _plain(problem.render())
    else:
        message = "it is in the baseline" if finding.is_known else _plain(problem.message)
        ElementTree.SubElement(case, "skipped", message=message)


def _plain(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
