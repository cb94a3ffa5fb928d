"""Runs one probe: `python -s -B run.py REQUEST`, a JSON file; the answer goes to the file that the request names."""

import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, _here)

from decompose_probe.main import main  # noqa: E402

while _here in sys.path:
    sys.path.remove(_here)
if __name__ == "__main__":
    main(sys.argv[1])
