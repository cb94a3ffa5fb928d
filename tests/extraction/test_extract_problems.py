"""What a person is told of an extraction, where the cases have no place for it, and its parts by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from decomposer import app
from decomposer.changeset import Planned
from decomposer.model.problems import DecomposerError
from tests.extraction.trees import git_apply

Repository = Callable[[Mapping[str, str | bytes]], Path]


CONFIG = 'scaffold = ["pyproject"]\nsource = "src"\npackage = "app"\nentry = "app.main:app"\n'
RULES = """
name = "orders"
description = "orders"
port = 8101

[[rule]]
paths = ["orders.py"]
reason = "It is about them."
"""
MAIN = "from fastapi import FastAPI\napp = FastAPI()\n"


def extract(root: Path, context: str = "orders") -> Planned:
    """The extraction from a repository with its own rules."""
    return app.extract(app.Options(repo=root, rules=root / "rules", cache=False), (context,))


@pytest.mark.parametrize(
    ("source", "package", "services"),
    [
        ("apps/orders/src", "app", "apps"),
        ("apps", "app", "apps/app/services"),
        ("", "orders", "./"),
        ("", "app", "app"),
    ],
)
def test_a_service_in_the_place_of_the_monolith_is_refused(
    repository: Repository, source: str, package: str, services: str
) -> None:
    """A service's folder cannot be that of the monolith's own project, nor lie in its package."""
    home = f"{source}/{package}".lstrip("/")
    root = repository({
        "decompose.toml": f'source = "{source}"\npackage = "{package}"\nservices = "{services}"\n',
        "rules/orders.toml": RULES, f"{home}/main.py": MAIN, f"{home}/orders.py": "",
    })  # fmt: skip
    with pytest.raises(DecomposerError, match="overlap"):
        extract(root)


def test_routes_that_a_function_puts_on_the_application_go_along(repository: Repository) -> None:
    """The service's main.py calls what the monolith's calls, where that is the context's."""
    root = repository({
        "decompose.toml": CONFIG, "rules/orders.toml": RULES, "src/app/__init__.py": "",
        "src/app/main.py": MAIN + "from app.orders import setup\nsetup(app)\n",
        "src/app/orders.py": "def setup(app):\n    @app.get('/orders')\n    def orders(): ...\n",
    })  # fmt: skip
    found = extract(root)
    assert [] == list(found.problems)
    after = {change.path: change.after for change in found.change_set.changes}
    assert b"setup(app)\n" in (after["apps/orders/src/app/main.py"] or b"")


def test_a_router_that_is_served_nowhere_is_told(repository: Repository) -> None:
    """A router that the application does not include is left out of main.py too, and that is said once for all."""
    routes = "".join(f"@router.get('/{number}')\ndef f{number}(): ...\n" for number in range(3))
    root = repository({
        "decompose.toml": CONFIG, "rules/orders.toml": RULES, "src/app/__init__.py": "", "src/app/main.py": MAIN,
        "src/app/orders.py": f"from fastapi import APIRouter\nrouter = APIRouter()\n{routes}",
    })  # fmt: skip
    told = [(problem.code, problem.severity, problem.message.partition(":")[0]) for problem in extract(root).problems]
    assert [("route-unserved", "warning", "GET /0 and 2 more")] == told


def test_a_context_that_leaves_in_two_steps_serves_all_of_it(repository: Repository) -> None:
    """main.py of the first step gives way to one that serves what left before and what leaves now, and that is told."""
    router = "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/{0}')\ndef {0}(): ...\n"
    root = repository({
        "decompose.toml": CONFIG, "rules/orders.toml": RULES.replace("orders.py", "order*.py"),
        "src/app/__init__.py": "", "src/app/orders.py": router.format("orders"),
        "src/app/main.py": MAIN + "from app import orders\napp.include_router(orders.router)\n",
    })  # fmt: skip
    git_apply(root, extract(root).change_set)
    (root / "src/app/order_items.py").write_text(router.format("items"))
    with (root / "src/app/main.py").open("a") as file:
        file.write("from app import order_items\napp.include_router(order_items.router)\n")
    found = extract(root)
    git_apply(root, found.change_set)
    assert (root / "apps/orders/src/app/order_items.py").is_file()
    main = (root / "apps/orders/src/app/main.py").read_text()
    assert "app.include_router(orders.router)" in main
    assert "app.include_router(order_items.router)" in main
    assert ["replaced"] == [problem.code for problem in found.problems]


@pytest.mark.parametrize("barrel", ['"""not closed', "# coding: unknown\n", b"# caf\xe9\n"])
def test_a_barrel_that_cannot_be_read_is_told(repository: Repository, barrel: str | bytes) -> None:
    """Where a package cannot be taught to look into the service, the extraction says so as an error."""
    root = repository({
        "decompose.toml": CONFIG, "rules/orders.toml": RULES, "src/app/__init__.py": barrel,
        "src/app/main.py": MAIN, "src/app/orders.py": "",
    })  # fmt: skip
    told = [(problem.code, problem.path) for problem in extract(root).problems if problem.severity == "error"]
    assert ("not-understood", "src/app/__init__.py") in told


def test_a_barrel_that_is_a_symbolic_link_is_told(repository: Repository) -> None:
    """What a link leads to may be another package's barrel too: it is neither changed nor replaced."""
    root = repository({
        "decompose.toml": CONFIG, "rules/orders.toml": RULES, "barrel.py": "", "src/app/main.py": MAIN,
        "src/app/orders.py": "",
    })  # fmt: skip
    (root / "src/app/__init__.py").symlink_to("../../barrel.py")
    found = extract(root)
    assert ["not-understood"] == [problem.code for problem in found.problems if problem.severity == "error"]
    assert not {"src/app/__init__.py", "barrel.py"} & set(found.change_set.paths())


def test_options_of_an_include_are_repeated(repository: Repository) -> None:
    """Dependencies and other options given where a router is included are the service's too."""
    root = repository({
        "decompose.toml": CONFIG, "rules/orders.toml": RULES, "src/app/__init__.py": "",
        "src/app/main.py": MAIN + "from app import orders\n"
        "app.include_router(orders.router, prefix='/v1', dependencies=[], tags=['o'])\n",
        "src/app/orders.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/x')\ndef x(): ...\n",
    })  # fmt: skip
    after = {change.path: change.after for change in extract(root).change_set.changes}
    assert b"app.include_router(orders.router, prefix='/v1', dependencies=[], tags=['o'])" in (
        after["apps/orders/src/app/main.py"] or b""
    )


def test_paths_in_python_files_follow_the_move(repository: Repository) -> None:
    """A script that names a moved file by its path from the repository's root names its new place."""
    root = repository({
        "decompose.toml": CONFIG, "rules/orders.toml": RULES, "src/app/__init__.py": "",
        "src/app/main.py": MAIN, "src/app/orders.py": "", "scripts/audit.py": 'CHECKED = ["src/app/orders.py"]\n',
    })  # fmt: skip
    changes = {change.path: change for change in extract(root).change_set.changes}
    assert b'CHECKED = ["apps/orders/src/app/orders.py"]\n' == changes["scripts/audit.py"].after


@pytest.mark.parametrize(("name", "whose"), [("queue", "Python's own"), ("httpx", "a third party's"),
                                             ("money", "of this repository")])  # fmt: skip
def test_a_service_s_own_package_hides_no_other(repository: Repository, name: str, whose: str) -> None:
    """Python's own packages, those that the code imports, and others of the repository cannot be a service's too."""
    root = repository({
        "decompose.toml": f'{CONFIG}\n[service]\npackage = "{{context}}"\n',
        f"rules/{name}.toml": RULES.replace("orders", name, 1), "src/app/main.py": MAIN, "libs/money/__init__.py": "",
        "src/app/__init__.py": "", "src/app/orders.py": "import httpx\n",
    })  # fmt: skip
    planned = extract(root, name)
    assert () == planned.change_set.paths()
    [problem] = [problem for problem in planned.problems if problem.severity == "error"]
    assert ("package-taken", f"there is a package `{name}` already, {whose}") == (problem.code, problem.message)


def test_another_package_name_later_on_is_refused(repository: Repository) -> None:
    """What has left under one name is not taken out again under another."""
    root = repository({"decompose.toml": CONFIG, "rules/orders.toml": RULES, "src/app/main.py": MAIN,
                       "src/app/__init__.py": "", "src/app/orders.py": ""})  # fmt: skip
    git_apply(root, extract(root).change_set)
    (root / "decompose.toml").write_text(f'{CONFIG}\n[service]\npackage = "{{context}}"\n')
    planned = extract(root)
    assert () == planned.change_set.paths()
    assert ["named-otherwise"] == [problem.code for problem in planned.problems if problem.severity == "error"]


def test_an_application_that_is_not_in_main(repository: Repository) -> None:
    """What runs a service names the module that makes the application, where another one is called `main`."""
    config = CONFIG.replace("app.main:app", "app.web:app").replace("pyproject", "docs")
    root = repository({
        "decompose.toml": config, "rules/orders.toml": RULES, "src/app/__init__.py": "",
        "src/app/web.py": f"{MAIN}from app import orders\napp.include_router(orders.router)\n",
        "src/app/main.py": "import uvicorn\nuvicorn.run('app.web:app')\n",
        "src/app/orders.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/o')\ndef o(): ...\n",
    })  # fmt: skip
    pages = {change.path: change.after or b"" for change in extract(root).change_set.changes}
    page = pages["docs/services/orders.md"].decode()
    assert "uvicorn app.web:app --port 8101" in page
    assert "`/health`, `/health/live`, `/health/ready`" in page


def test_nothing_is_rendered_for_what_has_not_left(repository: Repository) -> None:
    """Neither for one context nor for all: what is meant is named, and what comes first."""
    root = repository({"decompose.toml": CONFIG, "rules/orders.toml": RULES, "src/app/main.py": MAIN,
                       "src/app/orders.py": ""})  # fmt: skip
    options = app.Options(repo=root, rules=root / "rules", cache=False)
    for context, told in ((None, "services: error: no context has one yet"), ("orders", "orders: error: has not left")):
        with pytest.raises(DecomposerError) as refused:
            app.scaffold(options, "all", context)
        assert refused.value.problems[0].render().startswith(told)
        assert "(decompose extract " in refused.value.problems[0].render()
