"""How the monolith ends is written into the configuration that there is, which stays as it is otherwise."""

from __future__ import annotations

import pytest

from decomposer.finishing.settings import with_finish
from decomposer.model.config import Finish
from decomposer.rules.configuration import read_configuration

FINISH = Finish("orders", "2026-11-29", "2027-06-30", ("nginx", "compose"))


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("decompose.toml", "", "[finish]\ndeprecated = 2026-11-29\nsunset = 2027-06-30\n"
         'retired = ["nginx", "compose"]\n'),
        ("decompose.toml", '# ours\n[finish]\nrest = "orders" # who\nretired = ["nginx"]\n',
         '# ours\n[finish]\nrest = "orders" # who\nretired = ["nginx", "compose"]\ndeprecated = 2026-11-29\n'
         "sunset = 2027-06-30\n"),
        ("pyproject.toml", '[project]\nname = "x"\n\n[tool.decompose]\npackage = "x"\n',
         '[project]\nname = "x"\n\n[tool.decompose]\npackage = "x"\n\n[tool.decompose.finish]\n'
         'deprecated = 2026-11-29\nsunset = 2027-06-30\nretired = ["nginx", "compose"]\n'),
    ],
)  # fmt: skip
def test_only_what_is_new_is_written(path: str, text: str, expected: str) -> None:
    """Comments and all else stay; what it says then is what was meant; a second time changes nothing."""
    made = with_finish(path, text, FINISH)
    assert expected == made
    config = read_configuration(path, made)
    assert config is not None and FINISH == Finish("orders", *_settled(config.finish))
    assert made == with_finish(path, made, FINISH)


def _settled(finish: Finish) -> tuple[str, str, tuple[str, ...]]:
    return finish.deprecated, finish.sunset, finish.retired
