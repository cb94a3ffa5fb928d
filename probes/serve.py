"""Serves an application on loopback as a probe would boot it: `python -s -B serve.py REQUEST`, until it is ended."""

import json
import os
import socket
import sys

_here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, _here)

from decompose_probe import paths  # noqa: E402

while _here in sys.path:
    sys.path.remove(_here)


def main(request_path):
    """Serves the `entry` of a request at a socket that is there, `fd`; each answer has `headers` besides its own."""
    with open(request_path, encoding="utf-8") as file:
        request = json.load(file)
    paths.set_up(request)
    sys.argv = ["uvicorn", request["entry"]]
    try:
        import uvicorn
    except ImportError:
        sys.exit("uvicorn is not installed for %s" % sys.executable)
    server = uvicorn.Server(uvicorn.Config(
        request["entry"], headers=[tuple(header) for header in request["headers"]], timeout_graceful_shutdown=1,
    ))  # fmt: skip
    server.run(sockets=[socket.socket(fileno=request["fd"])])
    sys.exit(0 if server.started else 3)


if __name__ == "__main__":
    main(sys.argv[1])
