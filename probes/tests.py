"""Runs pytest and tells the outcome of each test: `python -s -B tests.py REQUEST`, answered as a probe is."""

import json
import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, _here)

from decompose_probe import paths  # noqa: E402

while _here in sys.path:
    sys.path.remove(_here)


class Outcomes:
    """A plugin that keeps what became of each test, the worst of its phases."""

    def __init__(self):
        self.found = {}

    def pytest_runtest_logreport(self, report):
        """A phase of a test has ended."""
        if report.when == "call" or report.outcome != "passed":
            outcome = "error" if report.when != "call" and report.outcome == "failed" else report.outcome
            if hasattr(report, "wasxfail"):
                outcome = "x" + outcome
            self.found[report.nodeid] = outcome

    def pytest_collectreport(self, report):
        """A file or class was collected."""
        if report.failed:
            self.found[report.nodeid] = "not collected"


def main(request_path):
    """Answers a request: `outcomes` as pairs, and `error` where pytest could not run."""
    with open(request_path, encoding="utf-8") as file:
        request = json.load(file)
    here = os.getcwd()
    paths.set_up(request)
    sys.path.append(here)
    answer = {"folders": request["folders"], "outcomes": [], "error": ""}
    try:
        import pytest

        outcomes = Outcomes()
        code = pytest.main(["-q", "-p", "no:cacheprovider", *request["folders"]], plugins=[outcomes])
        answer["outcomes"] = sorted(outcomes.found.items())
        if int(code) not in (0, 1, 5) and not outcomes.found:
            answer["error"] = "pytest ended with code %d" % int(code)
    except BaseException as error:
        answer["error"] = "%s: %s" % (type(error).__name__, error)
    with open(request["answer"] + ".new", "w", encoding="utf-8", errors="backslashreplace") as file:
        json.dump(answer, file)
    os.replace(request["answer"] + ".new", request["answer"])
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
