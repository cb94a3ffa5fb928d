"""What `init` writes, for any monolith: rules without a mistake, a conflict or an idle pattern."""

from __future__ import annotations

import keyword

from hypothesis import example, given, settings
from hypothesis import strategies as st

from decomposer.assigning.owners import Assignment, assign
from decomposer.assigning.traits import file_traits
from decomposer.facts.python import read_python
from decomposer.graph.link import link
from decomposer.model.config import Config, RuleSet
from decomposer.planning.beginning import first_files
from decomposer.rules.configuration import read_configuration
from decomposer.rules.contexts import read_rules

WORDS = ("user", "users", "order", "api", "core", "v1", "user_orders", "routers", "services", "_2fa", "main", "Billing")
NAMES = st.sampled_from(WORDS)
MODULES = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


def begin(routers: list[tuple[str, str]], others: list[str]) -> tuple[RuleSet, Assignment]:
    """The rules that are written for a monolith with these routers and other modules, and who then owns what."""
    main = ["from fastapi import FastAPI", "app = FastAPI()"]
    sources = {f"app/{name}.py": "" for name in others}
    for number, (name, path) in enumerate(routers):
        sources[f"app/{name}.py"] = (
            f"from fastapi import APIRouter\nrouter = APIRouter()\n@router.get({path!r})\ndef get(): ...\n"
        )
        main.insert(0, f"from app.{name.replace('/', '.')} import router as r{number}")
        main.append(f"app.include_router(r{number})")
    sources["app/main.py"] = "\n".join(main) + "\n"
    for path in list(sources):
        parts = path.split("/")
        for depth in range(1, len(parts)):
            sources.setdefault("/".join(parts[:depth]) + "/__init__.py", "")
    config = Config("", "app", ("app.main:app",))
    facts = {path: read_python(text.encode()) for path, text in sources.items()}
    graph, _ = link(config, facts, {})
    files = first_files(config, graph, "rules")
    assert read_configuration("decompose.toml", files.pop("decompose.toml"))
    rule_set = read_rules(files)
    return rule_set, assign(rule_set, file_traits(config, graph, facts), graph)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(MODULES, st.sampled_from(["/users", "/", "/{id}", "/v1/a--b_/x", "/core", "/Ünï"])), max_size=4),
    st.lists(MODULES, max_size=5),
)
@example([("routers/user_orders", "/x"), ("user", "/y")], ["services/user_orders", "services/orders_of_users"])
@example([("core/api", "/core"), ("core/users", "/core")], ["core/v1"])
def test_first_rules_conflict_nowhere_and_idle_nowhere(routers: list[tuple[str, str]], others: list[str]) -> None:
    """Whatever the folders, files and routes are called: no mistake, no conflict, no pattern that matches nothing."""
    _, assignment = begin(routers, others)
    assert [] == [problem.render() for problem in assignment.problems]


def test_words_of_the_test_are_module_names() -> None:
    """The names that monoliths are made of here can be imported."""
    assert all(word.isidentifier() and not keyword.iskeyword(word) for word in WORDS)


def test_a_router_belongs_to_the_context_that_is_named_after_it() -> None:
    """Routers, the folders of features, and files that are named alike come to their context; the rest follows."""
    rule_set, assignment = begin([("orders/router", "/o"), ("routers/user", "/u")], ["orders/models", "services/users"])
    assert ["orders", "user"] == [context.name for context in rule_set.contexts]
    owners = {path: owner.context for path, owner in assignment.owners.items()}
    assert "orders" == owners["app/orders/models.py"] == owners["app/orders/router.py"]
    assert "user" == owners["app/routers/user.py"] == owners["app/services/users.py"]
    assert "core" == owners["app/main.py"] == owners["app/routers/__init__.py"]


def test_what_puts_routers_together_is_nobodys() -> None:
    """A file that includes the routers of several contexts is the core's, although it serves a route itself."""
    api = (
        "from fastapi import APIRouter\n"
        "from app.orders.views import router as a\nfrom app.users.views import router as b\n"
        "api = APIRouter()\napi.include_router(a)\napi.include_router(b)\n@api.get('/healthcheck')\ndef get(): ...\n"
    )
    view = "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/{0}')\ndef get(): ...\n"
    sources = {
        "app/__init__.py": "", "app/orders/__init__.py": "", "app/users/__init__.py": "", "app/healthcheck.py": api,
        "app/orders/views.py": view.format("orders"), "app/users/views.py": view.format("users"),
        "app/main.py": "from fastapi import FastAPI\nfrom .healthcheck import api\napp = FastAPI()\n"
                       "app.include_router(api)\n",
    }  # fmt: skip
    config = Config("", "app", ("app.main:app",))
    graph, _ = link(config, {path: read_python(text.encode()) for path, text in sources.items()}, {})
    files = first_files(config, graph, "rules")
    assert {"decompose.toml", "rules/core.toml", "rules/orders.toml", "rules/users.toml"} == set(files)
    assert '"healthcheck.py"' in files["rules/core.toml"]
