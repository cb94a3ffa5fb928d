"""What of a distribution's requirements is met by what is installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from decomposer.model.probes import Probe
from decomposer.shell.locate import data_folder
from decomposer.shell.wheels import unmet


def test_what_is_not_met_is_wrong_unless_it_may_be_right() -> None:
    """What the monolith asks for, too, and what nothing here has; markers of other systems and own packages are met."""
    requirements = ("here>=1", "nobody", "crypto", "old<2", "same==3", "same-name==4", "not a requirement",
                    "away; sys_platform == 'nowhere'", "shop-core")  # fmt: skip
    installed = {"here": "1.5", "old": "2.0", "same": "1", "same-name": "1"}
    asked = {"same": "Same == 3", "same-name": "same-name>=5", "nobody": "no requirement either"}
    text = 'name = "here"\ndependencies = [\n    "nobody",\n    "Same==3",\n]\n'
    probe = Probe(requirements=requirements, installed=installed)
    trouble, alike = unmet(probe, {"shop-core"}, asked, {"Crypto": ("pycryptodome",)}, "p.toml", text)
    todo = "; install it, or write the right one there"
    nothing = "no distribution of that name is installed here"
    assert [f"p.toml: crypto: {nothing}; what is imported by it is pycryptodome's",
            f"p.toml: old<2: 2.0 is installed here{todo}",
            f"p.toml: same-name==4: 1 is installed here{todo}"] == trouble[:3]  # fmt: skip
    assert trouble[3].startswith("p.toml: not a requirement: ") and 4 == len(trouble)
    assert [f"p.toml:3: nobody: {nothing}: whether it is the right one is not known",
            "p.toml:4: same==3: 1 is installed here, and the monolith asks for the same"] == alike  # fmt: skip


def test_who_has_what_is_installed(tmp_path: Path) -> None:
    """The distributions of each top-level name; where several share one, of its parts too."""
    has = {"Left-Half": ("both/left/__init__.py", "both/left/more.py"), "right.half": ("both/right.py", "lone.py"),
           "of-a-folder": ("__editable__.of_a_folder-1.pth",)}  # fmt: skip
    for name, files in has.items():
        folder = tmp_path / f"{name}-1.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        (folder / "RECORD").write_text("".join(f"{file},,\n" for file in files))
    code = "import json, sys\nfrom decompose_probe import closure\nsys.path[:] = sys.argv[1:]\n" \
        "print(json.dumps(closure.providers()))"  # fmt: skip
    told = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True,
                          cwd=data_folder("probes"))  # fmt: skip
    assert {"both": ["left-half", "right-half"], "both.left": ["left-half"], "both.left.more": ["left-half"],
            "both.right": ["right-half"], "lone": ["right-half"], "of_a_folder": ["of-a-folder"],
            } == json.loads(told.stdout)  # fmt: skip
