"""The files around the application that make the replica a repository."""

from __future__ import annotations

PYPROJECT = """[project]
name = "platform"
version = "1.0.0"
description = "A platform of several applications, the coordinator first"
requires-python = ">=3.11"

[tool.pytest.ini_options]
testpaths = ["apps/coordinator-api/tests"]
pythonpath = ["apps/coordinator-api/src", "stubs"]

[tool.ruff]
line-length = 127
extend-exclude = ["stubs"]

[tool.mypy]
mypy_path = "apps/coordinator-api/src:stubs"
"""

APPLICATION = """[project]
name = "coordinator-api"
version = "1.0.0"
description = "The coordinator's API"
requires-python = ">=3.11"
dependencies = ["fastapi", "httpx", "pydantic-settings", "sqlmodel", "uvicorn"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.hatch.build.targets.wheel]
packages = ["src/app"]
"""

UNIT = """[Unit]
Description=Coordinator API
After=network.target

[Service]
Type=simple
WorkingDirectory=/opt/platform/apps/coordinator-api
Environment=PYTHONPATH=/opt/platform/apps/coordinator-api/src:/opt/platform/stubs
ExecStart=/opt/platform/venv/bin/python -m uvicorn app.main:app --host 127.0.0.1 --port 8000
Restart=on-failure

[Install]
WantedBy=multi-user.target
"""

README = """# Replica

A repository of the size and shape of a real one, written by `replica.py`: names, sizes, imports, routes
and tables come from a blueprint, every statement is made up. `stubs/` holds stand-ins for what need not be
installed.

    PYTHONPATH=apps/coordinator-api/src:stubs python -c "import app.main"
"""

TEST = '''"""The application boots."""

from unittest import mock


def test_the_document_lists_the_probes():
    """Every probe of the root is in the OpenAPI document."""
    from app.main import app

    paths = app.openapi()["paths"]
    assert {"/health", "/health/live", "/health/ready", "/v1/health"} <= paths.keys()


def test_the_factory_reads_the_module_it_stands_in():
    """A replaced application class is the one that the factory uses."""
    from app.main import create_app

    with mock.patch("app.main.FastAPI") as replaced:
        assert create_app() is replaced.return_value
'''

FILES = {
    "README.md": README,
    "pyproject.toml": PYPROJECT,
    "apps/coordinator-api/pyproject.toml": APPLICATION,
    "apps/coordinator-api/tests/test_boot.py": TEST,
    "systemd/coordinator-api.service": UNIT,
}
