"""Which files around a package are read as Python: all that may refer to it, few of those that only say its name."""

from __future__ import annotations

import pytest

from decomposer.facts.mentions import may_refer
from decomposer.facts.python import read_python
from decomposer.facts.text import word
from decomposer.graph.link import link
from decomposer.model.config import Config

REFERS = [
    "import app\n", "import app.jobs\n", "import os, app\n", "import os as o, app.jobs as j\n", "import\tapp\n",
    "from app import jobs\n", "from app.jobs import run\n", "from  app  import *\n", "x = 1; import app\n",
    "x = 1; from app import jobs\n", "if True: import app\n", "def f():\n    import app.jobs\n",
    "try:\n    from app import jobs\nexcept ImportError:\n    pass\n",
    "import \\\n    app.jobs\n", "import \\\r\n app\r\n",
    "from \\\n    app.jobs import run\n", "import os, \\\n    app\n", "import os\rimport app\r", "\ufeffimport app\n",
    "\x0cimport app\n", "patch('app.jobs.run')\n", 'run("app.main:app")\n', "x = f'{a}app.jobs'\n", "x = r'app.jobs'\n",
    "x = '''app.jobs'''\n", "x = 'a' 'app.jobs'\n", "x = '\\\napp.jobs'\n", "def f(x: 'app.jobs.Job'): ...\n",
    "__import__('app.jobs')\n", "import_module('.jobs', package='app')\n", "import_module('..app.jobs', 'a')\n",
    "app = __name__\nimport_module('.jobs', app)\n", "'''\n>>> from app import jobs\n'''\n",
    "'''\n>>> import app\n'''\n",
    "sys.path.insert(0, '../shop-api/src')\nrun('-m app')\n", f"x = '{'y' * 2000} app.jobs'\n",
]  # fmt: skip
NAMES_ONLY = [
    "app = FastAPI()\n", "app = FastAPI()\n\n\n@app.get('/x')\ndef x(): ...\n", "from main import app, other\n",
    "from main import (\n    app,\n)\n", "from .app import create\n", "from . import app\n",
    "from poolhub.app.x import y\n",
    "import poolhub.app\n", "request.app.state.x = 1\n", "def f(app: FastAPI): ...\n", "run('poolhub.app:app')\n",
    "uvicorn.run(app, port=1)\n", "# the app starts\n", "'''Creates the app.'''\n", "client = TestClient(app)\n",
    "app = FastAPI()\r\n\r\napp.include_router(x)\r\n", "if app:\n    app.mount('/x', y)\n", "open('src/app/x.py')\n",
]  # fmt: skip


@pytest.mark.parametrize("source", REFERS)
def test_whatever_may_be_a_reference_is_read(source: str) -> None:
    """Imports of every form, strings that begin with the name, computed imports, and who names the project."""
    assert may_refer(source.encode(), word("app"), b"shop-api")


@pytest.mark.parametrize("source", NAMES_ONLY)
def test_a_variable_of_the_same_name_is_no_reference(source: str) -> None:
    """What is not read would give no edge if it were."""
    assert not may_refer(source.encode(), word("app"), b"shop-api")
    package = ("src/app/__init__.py", "src/app/jobs.py", "src/app/x.py")
    python = {path: read_python(b"jobs = x = 1\n") for path in package}
    graph, _ = link(Config("src", "app", ()), {**python, "tool.py": read_python(source.encode())}, {})
    assert [] == [edge for edge in graph.edges if edge.path == "tool.py"]
