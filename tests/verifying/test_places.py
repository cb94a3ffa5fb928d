"""What any code may import besides its own: packages of the repository, and of the folders on the path."""

from __future__ import annotations

from pathlib import Path

from decomposer.verifying.places import find_packages
from tests.conftest import write_files
from tests.verifying.conftest import CONFIG


def test_packages_beside_the_monolith(tmp_path: Path) -> None:
    """Packages of the repository by their folder, and modules and packages of folders that lie elsewhere."""
    root, stubs = tmp_path / "repository", tmp_path / "stubs"
    listed = ["libs/money/__init__.py", "apps/shop-api/src/app/__init__.py", "libs/money/inner/__init__.py"]
    write_files(root, dict.fromkeys([*listed, "tools/__init__.py"], ""))
    write_files(stubs, {"ldap/__init__.py": "", "heif.py": "", "app/__init__.py": "", "data/x.txt": ""})
    project = b'[project]\nname = "shop-money"\n[tool.hatch.build.targets.wheel]\npackages = ["money"]\n' \
        b'[build-system]\nbuild-backend = "hatchling.build"'  # fmt: skip
    read = {"libs/pyproject.toml": project}.get
    found, built = find_packages(str(root), CONFIG, listed, (str(root), str(stubs)), read)
    assert {"money": str(root / "libs"), "heif": str(stubs), "ldap": str(stubs)} == found
    assert {"money": "shop-money"} == built
