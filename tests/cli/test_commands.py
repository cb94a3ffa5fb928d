"""The commands as a user meets them: words, exit codes, formats, and what is loaded for what."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_group
from typer.testing import CliRunner

import decomposer
from decomposer.cli.words import application
from decomposer.model.edges import KINDS
from decomposer.scaffold import TARGETS
from tests.conftest import EXAMPLE, ROOT, write_files
from tests.docs.readme import every_command

Write = Callable[[Mapping[str, str | bytes]], Path]
SHOP: dict[str, str | bytes] = {
    "decompose.toml": 'package = "shop"\nentry = ["shop.main:app"]\nrules = "contexts"\n',
    "contexts/core.toml": 'name = "core"\nshared = ["*.py"]\n',
    "contexts/orders.toml": 'name = "orders"\nport = 8101\n[[rule]]\npaths = ["orders/**"]\nreason = "Orders."\n',
    "shop/__init__.py": "",
    "shop/main.py": "from fastapi import FastAPI\nfrom shop.orders.routes import router\n\napp = FastAPI()\n"
    "app.include_router(router, prefix='/v1')\n",
    "shop/orders/__init__.py": "",
    "shop/orders/routes.py": "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get('/orders')\n"
    "def orders(): ...\n",
}


def environment(**more: str) -> dict[str, str]:
    """The environment of a command in a process of its own."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def spawn(*words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """One run of the command as a process."""
    return subprocess.run(
        [sys.executable, "-m", "decomposer", *words],
        cwd=cwd, env=environment(**more), capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def invoke(*words: str, repo: Path | None = None) -> tuple[int, str, str]:
    """Exit code, output and errors of a command run here."""
    where = [] if repo is None else ["--repo", str(repo)]
    done = CliRunner().invoke(application, [*words, *where], env={"COLUMNS": "200"})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


COMMANDS = every_command(get_group(application))


@pytest.mark.parametrize("command", COMMANDS)
def test_help_lists_every_option(command: str) -> None:
    """The help of a command says what it does, in what order its words come, and all its options with their values."""
    code, told, _ = invoke(*command.split(), "--help")
    parameters = COMMANDS[command].params
    assert 0 == code and (COMMANDS[command].help or "").partition("\n")[0] in told
    assert f"Usage: decompose {command} [OPTIONS]" in told or f"{command} [OPTIONS]" in told
    for parameter in parameters:
        if parameter.param_type_name == "option":
            assert all(option in told for option in parameter.opts)
            assert getattr(parameter, "help", None) and parameter.help.split()[0] in told  # type: ignore[attr-defined]
        else:
            assert str(parameter.make_metavar(None)) in told  # type: ignore[arg-type]
    assert "\x1b" not in told


def test_every_command_works_on_another_repository_with_other_rules() -> None:
    """`--repo` is an option of all commands, `--config` and `--rules` of all that read them."""
    for name, command in COMMANDS.items():
        if name in ("contract diff", "demo"):  # which are about two files, and about the bundled example
            continue
        options = {option for parameter in command.params for option in parameter.opts}
        assert "--repo" in options
        assert "--config" in options or name in ("init", "rollback")
        assert "--rules" in options or name in ("move", "repair", "rollback", "route")


def test_the_help_names_all_commands_and_exit_codes() -> None:
    """`decompose --help` has a line for each command and says what the exit codes mean."""
    code, told, _ = invoke("--help")
    assert 0 == code and "Exit codes: 0 clean, 1 problems found, 2 could not run, 130 interrupted." in told
    for name, command in get_group(application).commands.items():
        assert re.search(rf"^ +{name} +{re.escape((command.help or '').partition('.')[0][:20])}", told, re.MULTILINE)


def test_the_version_is_told() -> None:
    """`decompose --version` prints one line."""
    assert (0, f"decompose {decomposer.__version__}\n", "") == invoke("--version")


def test_no_words_show_the_help() -> None:
    """`decompose` alone shows what there is."""
    _, told, errors = invoke()
    assert "Usage:" in told + errors and "analyze" in told + errors


@pytest.mark.parametrize(
    "words",
    [
        ("analyse",), ("analyze", "--formt", "json"), ("analyze", "--format", "xml"), ("graph", "--format", "text"),
        ("explain",), ("extract",), ("analyze", "extra"), ("analyze", "--reader", "parso"), ("--verbose",),
        ("move",), ("move", "shop.a"), ("move", "a", "b", "c"), ("rollback", "1", "2"), ("rollback", "--format", "dot"),
    ],
)  # fmt: skip
def test_wrong_words_end_with_2(words: Sequence[str]) -> None:
    """A word, an option or a value that is none is told on standard error, with exit code 2."""
    code, told, errors = invoke(*words)
    assert (2, "") == (code, told)
    assert "Error" in errors and "Traceback" not in errors


def test_a_clean_repository_ends_with_0(repository: Write) -> None:
    """No problem, no error: exit code 0, as a process and here."""
    root = repository(SHOP)
    done = spawn("analyze", cwd=root)
    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout == invoke("analyze", repo=root)[1]


def test_problems_end_with_1_and_warnings_do_not(repository: Write) -> None:
    """A file of the package that is not understood is a problem; one around it and an idle rule are warnings."""
    root = repository({**SHOP, "tests/test_x.py": "import shop\ndef f(:\n"})
    write_files(root, {"contexts/idle.toml": 'name = "idle"\n[[rule]]\npaths = ["no.py"]\nreason = "r"\n'})
    code, told, _ = invoke("analyze", repo=root)
    assert 0 == code and "Problems: 2" in told
    write_files(root, {"shop/broken.py": "def f(:\n"})
    code, told, errors = invoke("analyze", repo=root)
    assert (1, "") == (code, errors) and "shop/broken.py:1: not understood: invalid syntax" in told
    assert 1 == spawn("analyze", cwd=root).returncode
    assert 0 == invoke("graph", repo=root)[0] == invoke("explain", "shop.broken", repo=root)[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("analyze", "--repo", "nowhere"), "nowhere: error: there is no such folder [no-folder]"),
        (("analyze", "--config", "no.toml"), "no.toml: error: cannot be read: No such file or directory [unreadable]"),
        (("analyze", "--rules", "no"), "no: error: there is no such folder of rules [no-rules] (name one with --rules"),
        (("explain", "shop.order"), "shop.order: error: nothing in the repository is called so [not-found] (did"),
        (("extract", "order", "--dry-run"), "order: error: no rule file defines the context `order` [no-context] (did"),
        (("extract", "order"), "order: error: no rule file defines the context `order` [no-context] (did you mean `or"),
        (("rollback",), ".decompose: error: there is no change to roll back [no-change]"),
        (("rollback", "7"), ".decompose: error: there is no change `7`, and none that extracted or cut over a context"),
        (("init", "--source", "x"), "--package: error: --source needs --package with it [usage]"),
        (("init", "--package", "nope"), "decompose.toml: error: there is no package at `nope` [no-package] (--source"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(
    repository: Write, monkeypatch: pytest.MonkeyPatch, words: Sequence[str], told: str
) -> None:
    """Place, reason and hint on one line of standard error, nothing on standard output, exit code 2."""
    monkeypatch.chdir(repository(SHOP))
    code, output, errors = invoke(*words)
    assert (2, "", 1) == (code, output, errors.count("\n"))
    assert errors.startswith(told)


def test_mistakes_have_file_line_and_hint(repository: Write) -> None:
    """A process says where the mistake is and what was meant, and shows no traceback."""
    root = repository({**SHOP, "contexts/orders.toml": 'name = "orders"\nprot = 3\n'})
    done = spawn("analyze", cwd=root)
    assert (2, "") == (done.returncode, done.stdout)
    assert "contexts/orders.toml:2: error: unknown key `prot` [unknown-key] (did you mean `port`?)\n" == done.stderr


def test_a_repository_without_an_application_is_told_what_to_do(tmp_path: Path) -> None:
    """Where nothing makes an application, the command to name one is shown."""
    (tmp_path / ".git").mkdir()
    code, _, errors = invoke("analyze", repo=tmp_path)
    assert 2 == code and "makes a FastAPI application [no-monolith]" in errors and "decompose init --source" in errors


def test_the_repository_around_is_found(repository: Write) -> None:
    """Without `--repo` the nearest folder upwards with a configuration counts."""
    root = repository(SHOP)
    assert invoke("analyze", repo=root)[1] == spawn("analyze", cwd=root / "shop" / "orders").stdout


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The example's analysis as JSON gives it."""
    found: dict[str, Any] = json.loads(invoke("analyze", "--format", "json", repo=EXAMPLE)[1])
    return found


def test_json_has_the_keys_that_others_rely_on(document: dict[str, Any]) -> None:
    """Each key that is promised is there, with a value of its type."""
    assert {"modules", "loc"} <= set(document["monolith"])
    assert {"files", "loc", "files_recursive", "loc_recursive", "over_limit", "largest"} <= set(document["services"])
    assert {"path", "loc"} <= set(document["services"]["largest"])
    assert {"files", "routes"} <= set(document["routers"])
    for context in document["contexts"]:
        assert {"name", "phase", "files", "loc", "routes", "status"} <= set(context)
    for name in ("unassigned", "unresolved", "cycles", "unreachable"):
        assert isinstance(document[name], list)
    assert isinstance(document["elapsed_seconds"], float)


def test_the_figures_of_a_document_add_up(document: dict[str, Any]) -> None:
    """Files, lines and routes by context are those of the monolith, and every file has one owner or none."""
    files, contexts = document["files"], document["contexts"]
    assert document["monolith"] == {"modules": len(files), "loc": sum(file["loc"] for file in files)}
    assert len(files) == sum(c["files"] for c in contexts) + len(document["unassigned"])
    assert document["monolith"]["loc"] == sum(c["loc"] for c in contexts) + sum(
        u["loc"] for u in document["unassigned"]
    )
    assert document["routers"]["routes"] == sum(c["routes"] for c in contexts) == len(document["routes"])
    services = [f["loc"] for f in files if "/app/services/" in f["path"]]
    assert (len(services), sum(services), max(services)) == (
        document["services"]["files_recursive"], document["services"]["loc_recursive"],
        document["services"]["largest"]["loc"],
    )  # fmt: skip
    limits = document["limits"]
    assert [f["path"] for f in document["files_over_limit"]] == [
        f["path"] for f in sorted(files, key=lambda f: (-f["loc"], f["path"])) if f["loc"] > limits["file"]
    ]
    for file in files:
        assert file["loc"] == (EXAMPLE / file["path"]).read_bytes().count(b"\n")


def rows(text: str) -> list[list[str]]:
    """The rows of all tables of a plain report: cells are two spaces apart."""
    return [re.split(r" {2,}", line.strip()) for line in text.splitlines() if re.search(r"\S {2,}\S", line)]


def test_text_and_markdown_and_json_tell_the_same(document: dict[str, Any]) -> None:
    """Every row of a Markdown table is a row of the text, and the figures of both are those of the JSON."""
    text = invoke("analyze", "--format", "text", repo=EXAMPLE)[1]
    markdown = invoke("analyze", "--format", "markdown", repo=EXAMPLE)[1]
    cells = [
        [cell.strip() for cell in line.strip("|").replace("\\|", "/").split("|") if cell.strip()]
        for line in markdown.splitlines() if line.startswith("|") and not re.fullmatch(r"[|:\- ]+", line)
    ]  # fmt: skip
    assert len(cells) > 40
    assert [] == [row for row in cells if row not in rows(text) and len(row) > 1]
    for context in document["contexts"]:
        figures = (
            context["phase"],
            context["name"],
            context["files"],
            context["loc"],
            context["routes"],
            context["tables"],
        )
        expected = [f"{figure:,}" if isinstance(figure, int) else figure for figure in figures]
        assert expected in [row[:6] for row in cells]
    services, routers = document["services"], document["routers"]
    for row in (
        ["modules", f"{document['monolith']['modules']:,}", f"{document['monolith']['loc']:,}"],
        ["service files", f"{services['files']:,}", f"{services['loc']:,}"],
        ["routes served", f"{routers['routes']:,}"],
        ["tables", f"{len(document['tables']):,}"],
    ):
        assert row in cells and row in rows(text)
    for heading in (
        f"References that cannot be resolved: {len(document['unresolved']):,}",
        f"Cycles of load edges: {len(document['cycles'])}",
        f"Files that no context owns: {len(document['unassigned'])}",
    ):  # fmt: skip
        assert heading in text and heading in markdown


def test_text_in_a_pipe_has_no_escape_codes(repository: Write) -> None:
    """A pipe gets plain text whatever the environment wants, and no progress bar."""
    root = repository({**SHOP, **{f"shop/m{i}.py": "" for i in range(40)}})
    done = spawn("analyze", "--no-cache", cwd=root, TERM="xterm-256color", FORCE_COLOR="1", COLUMNS="40")
    assert "\x1b" not in done.stdout and "" == done.stderr
    assert invoke("analyze", repo=root)[1] == done.stdout


def test_a_terminal_shows_colour(repository: Write) -> None:
    """On a terminal the report is coloured, and the command ends as it does in a pipe."""
    root = repository({**SHOP, "shop/broken.py": "def f(:\n"})
    shown, code = on_terminal(["analyze"], root)
    assert 1 == code
    assert "\x1b[" in shown and "Contexts" in shown and "shop/broken.py" in shown and "Traceback" not in shown


def on_terminal(words: Sequence[str], cwd: Path) -> tuple[str, int]:
    """What a command shows on a terminal of its own, and its exit code."""
    ours, theirs = pty.openpty()
    wanted = {name: value for name, value in environment(TERM="xterm-256color").items() if name != "NO_COLOR"}
    command = subprocess.Popen(
        [sys.executable, "-m", "decomposer", *words], cwd=cwd, env=wanted, stdout=theirs, stderr=theirs, stdin=theirs
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            data = os.read(ours, 65536)
        except OSError:  # the other end has gone
            break
        if not data:
            break
        shown += data
    os.close(ours)
    return shown.decode(), command.wait(timeout=60)


def test_the_graph_has_nodes_and_edges() -> None:
    """Edges have their promised keys, known kinds, places that exist, and targets that are nodes or nothing."""
    told = json.loads(invoke("graph", repo=EXAMPLE)[1])
    names = {node["name"] for node in told["nodes"]}
    lengths: dict[str, int] = {}
    for edge in told["edges"]:
        assert {"source", "target", "kind", "path", "line", "names"} <= set(edge)
        assert edge["kind"] in KINDS and edge["source"] in names
        assert edge["target"] in names if edge["target"] else edge["reason"] and edge["target"] is None
        if edge["path"] not in lengths:
            lengths[edge["path"]] = (EXAMPLE / edge["path"]).read_bytes().count(b"\n")
        assert 1 <= edge["line"] <= lengths[edge["path"]]
    assert set(KINDS) == {edge["kind"] for edge in told["edges"]}
    for node in told["nodes"]:
        assert {"name", "path", "role", "loc", "context"} <= set(node) and (EXAMPLE / node["path"]).is_file()


def test_dot_and_mermaid_are_well_formed() -> None:
    """Graphviz gets a digraph of quoted names in balanced clusters, Mermaid a flowchart whose ids are declared."""
    dot = invoke("graph", "--format", "dot", repo=EXAMPLE)[1]
    assert dot.startswith("digraph monolith {\n") and dot.endswith("}\n") and dot.count("{") == dot.count("}")
    quoted = r'"(?:[^"\\]|\\.)*"'
    line = re.compile(
        rf" *(?:graph \[.*\];|node \[.*\];|subgraph {quoted} {{ label={quoted};|{quoted};|}}"
        rf"|{quoted} -> {quoted} \[label={quoted}\];)"
    )
    assert [] == [text for text in dot.splitlines()[1:] if not line.fullmatch(text)]
    mermaid = invoke("graph", "--format", "mermaid", repo=EXAMPLE)[1].splitlines()
    assert "flowchart LR" == mermaid[0]
    declared = {m[1] for text in mermaid if (m := re.fullmatch(r'  (c\d+)\["[a-z-]+"\]', text))}
    arrows = [m for text in mermaid if (m := re.fullmatch(r"  (c\d+) -->\|\d+\| (c\d+)", text))]
    assert len(mermaid) == 1 + len(declared) + len(arrows)
    assert {end for arrow in arrows for end in arrow.groups()} <= declared


@pytest.mark.parametrize(
    ("subject", "module", "what"),
    [
        ("apps/coordinator-api/src/app/services/escrow.py", "app.services.escrow", "file"),
        ("app/services/escrow.py", "app.services.escrow", "file"),
        ("services/escrow.py", "app.services.escrow", "file"),
        ("app.services.escrow", "app.services.escrow", "module"),
        ("services.escrow", "app.services.escrow", "module"),
        ("escrows", "app.domain.blockchain", "table escrows, class Escrow"),
        ("Escrow", "app.domain.blockchain", "table escrows, class Escrow"),
    ],
)
def test_explain_finds_what_is_meant(subject: str, module: str, what: str) -> None:
    """A path from the repository, the source or the package, a module, a table and its class are found."""
    told = json.loads(invoke("explain", subject, "--format", "json", repo=EXAMPLE)[1])
    assert (subject, module, "blockchain", 3) == (told["subject"], told["module"], told["context"], told["phase"])
    assert (
        told["what"].startswith(what) and told["reason"] and told["rule"].startswith("bundled rules/blockchain.toml:")
    )
    assert told["uses"] and told["used_by"]


@pytest.mark.parametrize("subject", ["services/escrow.py", "services.escrow", "escrows"])
def test_explain_tells_the_same_in_words(subject: str) -> None:
    """The owner, the reason and the references of a file, a module and a table, as text and as Markdown."""
    told = json.loads(invoke("explain", subject, "--format", "json", repo=EXAMPLE)[1])
    text = invoke("explain", subject, repo=EXAMPLE)[1]
    assert text.startswith(f"{told['module']}: blockchain (phase 3)\n") and told["reason"] in text
    assert f"Uses: {len(told['uses'])} references" in text and f"Used by: {len(told['used_by'])} references" in text
    assert told["reason"] in invoke("explain", subject, "--format", "markdown", repo=EXAMPLE)[1]


def test_explain_finds_routes(document: dict[str, Any]) -> None:
    """A route is found by its path, with or without its method; the file that serves it is explained."""
    route = next(r for r in document["routes"] if r["method"] == "POST" and "{" not in r["path"])
    for subject in (route["path"], f"POST {route['path']}", f"post {route['path']}"):
        told = json.loads(invoke("explain", subject, "--format", "json", repo=EXAMPLE)[1])
        assert route["source"] == told["path"] and f"POST {route['path']}" in told["routes"]
    assert 2 == invoke("explain", f"TRACE {route['path']}", repo=EXAMPLE)[0]


@pytest.mark.parametrize(("subject", "meant"), [("services/escro.py", "services.escrow"), ("escrws", "escrows")])
def test_explain_suggests_what_is_near(subject: str, meant: str) -> None:
    """What is called nothing is told with the nearest names."""
    code, output, errors = invoke("explain", subject, repo=EXAMPLE)
    assert (2, "") == (code, output) and "did you mean" in errors and meant in errors
    near = errors.partition("did you mean ")[2].rstrip("?)\n").split(", ")
    assert sorted(set(near)) == sorted(near)


@pytest.mark.parametrize(
    "subject",
    ["apps/coordinator-api/src/app/services", "app/services", "services/", "app.services", "services"],
)
def test_explain_tells_of_a_package_whose_its_modules_are(subject: str, document: dict[str, Any]) -> None:
    """A folder is explained by its modules: their owners, their lines, and what leads into the folder and out of it."""
    told = json.loads(invoke("explain", subject, "--format", "json", repo=EXAMPLE)[1])
    folder = "apps/coordinator-api/src/app/services"
    expected = [file for file in document["files"] if file["path"].startswith(f"{folder}/")]
    assert ("package", folder, "app.services") == (told["what"], told["path"], told["module"])
    assert sum(file["loc"] for file in expected) == told["loc"]
    owners = {module["path"]: module["context"] for module in told["modules"]}
    assert {file["path"]: file["context"] for file in expected} == owners
    assert not any((edge["target"] or "").startswith("app.services.") for edge in told["uses"])
    assert told["used_by"] and not any(edge["path"].startswith(f"{folder}/") for edge in told["used_by"])
    text = invoke("explain", subject, repo=EXAMPLE)[1]
    assert text.startswith("app.services: ") and f"{len(expected)} modules" in text
    for context in set(owners.values()):
        row = next(line for line in text.splitlines() if line.startswith(f"{context} "))
        assert str(list(owners.values()).count(context)) in row.split()


def test_explain_tells_of_a_folder_that_is_one_context_s(repository: Write) -> None:
    """A folder without `__init__.py` is explained, too; where all its modules have one owner, that is the folder's."""
    rules = 'name = "stock"\nphase = 2\n[[rule]]\npaths = ["stock/**"]\nreason = "r"\n'
    files = {"shop/stock/a.py": "", "shop/stock/b/c.py": "from shop.stock import a\n", "contexts/stock.toml": rules}
    root = repository({**SHOP, **files})
    told = json.loads(invoke("explain", "shop.stock", "--format", "json", repo=root)[1])
    assert ("folder", "stock", 2, []) == (told["what"], told["context"], told["phase"], told["uses"])
    assert ["shop.stock.a", "shop.stock.b.c"] == [module["module"] for module in told["modules"]]
    assert invoke("explain", "shop/stock/", repo=root)[1].startswith("shop.stock: stock (phase 2)\n")
    assert invoke("explain", "shop", repo=root)[1].startswith("shop: ")


def test_explain_tells_files_that_nobody_owns(repository: Write) -> None:
    """Without a rule, the suggestion and the evidence are shown; a file around the package has no owner."""
    root = repository({**SHOP, "contexts/core.toml": 'name = "core"\n', "run.sh": "uvicorn shop.main:app\n",
                       "shop/helper.py": "from shop.orders import routes\n"})  # fmt: skip
    text = invoke("explain", "helper.py", repo=root)[1]
    assert text.startswith("shop.helper: nobody\n") and "suggestion: orders; uses orders/" in text
    assert "a file outside the package has no owner" in invoke("explain", "run.sh", repo=root)[1]


def test_extract_prints_a_patch_and_tells_what_to_know(repository: Write) -> None:
    """The patch alone is on standard output, and git takes it; the summary is on standard error."""
    root = repository(SHOP)
    code, patch, errors = invoke("extract", "orders", "--dry-run", repo=root)
    assert 0 == code and patch.startswith("diff --git ") and "2 files (" in errors
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "apply", "--check"], cwd=root, input=patch, text=True, check=True)


FEATURES = {
    "src/shop/__init__.py": "",
    "src/shop/config.py": "",
    "src/shop/core/__init__.py": "",
    "src/shop/core/database.py": "",
    "src/shop/orders/__init__.py": "",
    "src/shop/orders/models.py": "",
    "src/shop/orders/user_orders.py": "",
    "src/shop/users/__init__.py": "",
    "src/shop/users/api/__init__.py": "",
    "src/shop/users/service.py": "from shop.core import database\n",
    "src/shop/billing/__init__.py": "",
    "src/shop/billing/orders_export.py": "",
}
LAYERS = {
    "app/__init__.py": "",
    "app/config.py": "",
    "app/routers/__init__.py": "",
    "app/services/__init__.py": "",
    "app/services/order.py": "",
    "app/services/user_service.py": "",
    "app/services/user_order_sync.py": "",
    "app/models/__init__.py": "",
    "app/models/user.py": "",
    "tests/test_app.py": "from app.main import app\n",
}
ODD = {'we "ird\\/app/__init__.py': "", 'we "ird\\/app/api/__init__.py': "", 'we "ird\\/app/core/__init__.py': ""}


def with_routers(files: Mapping[str, str], source: str, package: str, routers: Mapping[str, str]) -> dict[str, str]:
    """A monolith with routers: a module below the package for each, and the first path of its route."""
    main = ["from fastapi import FastAPI", "", "app = FastAPI()"]
    made = dict(files)
    for number, (module, path) in enumerate(routers.items()):
        main.insert(1, f"from {package}.{module} import router as r{number}")
        main.append(f"app.include_router(r{number})")
        made[f"{source}{package}/{module.replace('.', '/')}.py"] = (
            f'from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get("/{path}")\ndef get(): ...\n'
        )
    return {**made, f"{source}{package}/main.py": "\n".join(main) + "\n"}


SINGLE = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/things')\ndef things(): ...\n"
MONOLITHS = {
    "by feature": (
        with_routers(FEATURES, "src/", "shop", {"orders.router": "o", "users.api.routes": "u", "billing.views": "b"}),
        {"billing", "orders", "users"},
    ),
    "by layer": (
        with_routers(LAYERS, "", "app", {f"routers.{name}": name for name in ("orders", "user", "user_orders")}),
        {"orders", "user", "user-orders"},
    ),
    "odd names": (
        with_routers(ODD, 'we "ird\\/', "app", {"api._2fa": "x", "api.root": "a--b_", "core.routes": "core"}),
        {"api-2fa", "a-b"},
    ),
    "all in one file": ({"app/__init__.py": "", "app/main.py": SINGLE}, {"things"}),
}


@pytest.mark.parametrize(("files", "contexts"), MONOLITHS.values(), ids=MONOLITHS.keys())
def test_init_writes_what_analyzes_cleanly(repository: Write, files: dict[str, str], contexts: set[str]) -> None:
    """A rule file for each group of routers, and neither a conflict nor an idle pattern in any of them."""
    root = repository(files)
    code, told, errors = invoke("init", repo=root)
    written = {path.relative_to(root).as_posix() for path in root.rglob("*.toml") if ".decompose" not in path.parts}
    assert (0, "") == (code, errors)
    assert {"decompose.toml"} | {f"decompose-rules/{name}.toml" for name in contexts | {"core"}} == written
    lines = told.splitlines()
    assert [f"wrote {len(written)} new files:", *(f"  {path}" for path in sorted(written))] == lines[:-2]
    assert "next: decompose analyze" == lines[-2] and "decompose rollback 0001-" in lines[-1]
    code, output, _ = invoke("analyze", "--format", "json", repo=root)
    document = json.loads(output)
    assert (0, []) == (code, document["problems"])
    assert contexts | {"core"} == {context["name"] for context in document["contexts"]}
    assert all(c["routes"] for c in document["contexts"] if c["name"] in contexts)


def test_init_takes_what_it_is_told(repository: Write) -> None:
    """`--source`, `--package`, `--entry` and `--rules` are written down, and no question is asked."""
    root = repository(
        {**MONOLITHS["by feature"][0], "src/shop/other.py": "from fastapi import FastAPI\n\napi = FastAPI()\n"}
    )
    code, *_ = invoke(
        "init", "--source", "./src/", "--package", "shop", "--entry", "shop.other:api", "--rules", "a/b", repo=root
    )
    text = (root / "decompose.toml").read_text("utf-8")
    assert 0 == code and (root / "a/b/core.toml").exists()
    for line in ('source = "src"', 'package = "shop"', 'entry = ["shop.other:api"]', 'rules = "a/b"'):
        assert f"{line}\n" in text
    assert 0 == invoke("analyze", repo=root)[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--entry", "shop.nope:app"), "--entry: error: there is no module `shop.nope` in the package [no-entry] (did"),
        (("--entry", "shop.main:nope"), "--entry: error: there is no `nope` in src/shop/main.py [no-entry] (did you"),
        (("--entry", "shop"), "--entry: error: `shop` names a module, and not the application in it [no-entry]"),
        (("--rules", "../elsewhere"), "lies outside the repository [outside]"),
        (("--rules", ".venv/rules"), "lies in a folder that is never looked into [never-read]"),
        (("--source", "lib", "--package", "shop"), "there is no package at `lib/shop` [no-package]"),
    ],
)
def test_init_refuses_what_could_not_be_read_again(repository: Write, words: Sequence[str], told: str) -> None:
    """What analyze would refuse is not written in the first place."""
    root = repository(MONOLITHS["by feature"][0])
    before = snapshot(root)
    code, _, errors = invoke("init", *words, repo=root)
    assert 2 == code and told in errors and before == snapshot(root)


def snapshot(root: Path) -> dict[Path, bytes]:
    """The files below a folder and beside it."""
    return {path: path.read_bytes() for path in root.parent.rglob("*") if path.is_file()}


def test_init_replaces_nothing_unless_forced(repository: Write) -> None:
    """Files that are there are named and stay, all of them; `--force` replaces them."""
    root = repository({**MONOLITHS["by layer"][0], "decompose-rules/user.toml": "# mine\n"})
    before = snapshot(root)
    code, _, errors = invoke("init", repo=root)
    assert (2, before) == (code, snapshot(root))
    assert "decompose-rules/user.toml: error: is there already [exists] (--force replaces it)\n" == errors
    assert 0 == invoke("init", "--force", repo=root)[0]
    assert "# mine\n" != (root / "decompose-rules/user.toml").read_text("utf-8")
    assert 2 == invoke("init", repo=root)[0]


def test_init_writes_through_no_link(repository: Write, tmp_path: Path) -> None:
    """A link in the place of a file or folder does not lead the tool out of the repository."""
    root = repository(MONOLITHS["by layer"][0])
    (root / "decompose.toml").symlink_to("../elsewhere.toml")
    (root / "decompose-rules").symlink_to("..")
    code, _, errors = invoke("init", "--force", repo=root)
    assert 2 == code and errors.count("lies outside the repository") == errors.count("\n") == 5
    assert [root] == list(tmp_path.iterdir())


def test_the_bundled_example_can_be_begun_anew(tmp_path: Path) -> None:
    """A layout that needs no configuration can be given one: the result has no conflict and no idle pattern."""
    root = tmp_path / "example"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("__pycache__"))
    assert 0 == invoke("init", repo=root)[0]
    told = json.loads(invoke("analyze", "--format", "json", repo=root)[1])
    assert [] == [problem for problem in told["problems"] if problem["code"].startswith("rule-")]
    assert len(told["contexts"]) > 5


def test_an_interrupted_run_ends_with_130(repository: Write) -> None:
    """Ctrl-C ends a command with one word and exit code 130."""
    root = repository(SHOP)
    os.mkfifo(root / "contexts" / "slow.toml")
    command = subprocess.Popen(
        [sys.executable, "-m", "decomposer", "analyze"], cwd=root, env=environment(), stderr=subprocess.PIPE
    )
    pipe = os.open(root / "contexts" / "slow.toml", os.O_WRONLY)  # opens as soon as the command reads it, and waits
    command.send_signal(signal.SIGINT)
    _, errors = command.communicate(timeout=60)
    os.close(pipe)
    assert (130, b"interrupted\n") == (command.returncode, errors)


@pytest.mark.parametrize("kept", [False, True], ids=["worked out", "printed again"])
@pytest.mark.parametrize("words", ["analyze", "graph", "extract orders --dry-run"])
def test_a_reader_that_goes_away_is_no_error(repository: Write, words: str, kept: bool) -> None:
    """`decompose analyze | head -1` shows no traceback, whether the answer is new or old."""
    root = repository({**SHOP, **{f"shop/module_{i:04}.py": "import shop.main\n" for i in range(300 if kept else 0)}})
    if kept:
        spawn(*words.split(), cwd=root)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "decomposer", *words.split()],
        cwd=root, env=environment(), stdout=writing, stderr=subprocess.PIPE, timeout=60,
    )  # fmt: skip
    os.close(writing)
    assert 0 == done.returncode and b"Traceback" not in done.stderr and b"Broken" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full disk to write to")
@pytest.mark.parametrize("words", ["analyze", "analyze --no-cache", "extract orders --dry-run"])
def test_a_full_disk_is_told(repository: Write, words: str) -> None:
    """Output that cannot be written is told in a line, with exit code 2."""
    root = repository(SHOP)
    spawn(*words.split(), cwd=root)
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "decomposer", *words.split()],
            cwd=root, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60,
        )  # fmt: skip
    assert (2, "output: error: No space left on device [system]\n") == (done.returncode, done.stderr)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_output_is_utf8_whatever_the_terminal_claims(repository: Write, encoding: str) -> None:
    """The same bytes in every locale: a report goes into a file or another program."""
    root = repository({**SHOP, "shop/café.py": "def f(:\n"})
    done = subprocess.run(
        [sys.executable, "-m", "decomposer", "analyze", "--no-cache"],
        cwd=root, env=environment(PYTHONIOENCODING=encoding), capture_output=True, timeout=60,
    )  # fmt: skip
    assert (1, b"") == (done.returncode, done.stderr)
    assert "shop/café.py:1: not understood" in done.stdout.decode()


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    """A command that stands in a folder that was removed says so."""
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"import os; os.chdir({str(gone)!r}); os.rmdir({str(gone)!r}); from decomposer.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "analyze"], env=environment(), cwd=tmp_path, capture_output=True, text=True
    )
    expected = ".: error: the current folder is gone: No such file or directory [no-folder]\n"
    assert (2, expected) == (done.returncode, done.stderr)


def loaded(words: Sequence[str], cwd: Path) -> set[str]:
    """The top-level modules that a command loads."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "decomposer", *words],
        cwd=cwd, env=environment(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert 0 == done.returncode
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "|" in line}


HEAVY = {"libcst", "networkx", "msgspec", "rich", "jinja2", "rope", "tomlkit", "pathspec", "multiprocessing", "ast"}


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    """`decompose --help` needs the command-line framework and nothing else."""
    names = loaded(["--help"], tmp_path)
    assert "typer" in names and set() == names & (HEAVY - {"ast"})  # which typer's own imports load


def test_an_unchanged_tree_loads_next_to_nothing(repository: Write) -> None:
    """What is printed again is printed without the framework, the parsers or the graph."""
    root = repository(SHOP)
    assert {"typer", "msgspec"} <= loaded(["analyze"], root)
    names = loaded(["analyze"], root)
    assert "decomposer" in names and set() == names & (HEAVY | {"typer", "tomllib", "json", "pathlib"})


def test_one_changed_file_loads_neither_libcst_nor_the_framework(repository: Write) -> None:
    """After a change the words are known and `ast` reads the file: the slow imports are not needed."""
    root = repository(SHOP)
    loaded(["analyze"], root)
    write_files(root, {"shop/orders/routes.py": SHOP["shop/orders/routes.py"] + "\n\nX = 1\n"})  # type: ignore[operator]
    names = loaded(["analyze"], root)
    assert "ast" in names and set() == names & {"typer", "libcst", "networkx", "rich", "multiprocessing", "pathspec"}


def test_help_names_what_can_be_rendered() -> None:
    """`scaffold` names every target there is."""
    _, told, _ = invoke("scaffold", "--help")
    assert set() == set(TARGETS) - set(re.findall(r"[a-z]+", told))


@pytest.mark.parametrize("words", [
    ("analyze",), ("extract", "orders", "--dry-run"), ("check",), ("verify",), ("limits",), ("explain", "shop.main"),
    ("graph",), ("status",),
], ids=" ".join)  # fmt: skip
@pytest.mark.parametrize("name", ["decompose.toml", "pyproject.toml"])
def test_an_entry_that_leads_nowhere_is_an_error(repository: Write, words: Sequence[str], name: str) -> None:
    """Of every command that reads it, at its line, with the application that was meant."""
    table = "[tool.decompose]\n" if name == "pyproject.toml" else "# where it lies\n"
    text = f'{table}source = "src"\npackage = "shop"\nentry = [\n    "shop.main:ap",\n]\n'
    root = repository({**MONOLITHS["by feature"][0], name: text})
    told = f"{name}:5: error: there is no `ap` in src/shop/main.py [no-entry] (did you mean `shop.main:app`?)\n"
    code, _, errors = invoke(*words, repo=root)
    assert (2, told) == (code, errors)
