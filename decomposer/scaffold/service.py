"""What the scaffolding of one service is rendered from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from decomposer.model.edges import Route


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A router as the service includes it: module, variable, prefix, and under which condition it was served."""

    module: str
    variable: str
    prefix: str
    guard: str

    def alias(self) -> str:
        """A name for it in main.py, the same for every inclusion of one router."""
        parts = self.module.split(".")[1:]
        return "_".join([*parts, *self.variable.split(".")])


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its context, package, routers in the order they are tried, and what it imports from outside."""

    context: str
    description: str
    port: int
    package: str
    inclusions: tuple[Inclusion, ...]
    dependencies: tuple[str, ...]
    local_packages: tuple[str, ...]
    python: str


def inclusions(routes: Iterable[Route], modules: set[str]) -> tuple[Inclusion, ...]:
    """The routers to include so that every route of these modules is served as before, first tried first.

    Of each route, the outermost router on its way that belongs to the context is included, with all the
    prefixes that came before it.
    """
    found: dict[tuple[str, str, str], Inclusion] = {}
    for route in sorted(routes, key=lambda route: route.order):
        prefix = ""
        for step in route.chain:
            place, _, given = step.partition(" ")
            module, _, variable = place.partition(":")
            prefix += given
            if module in modules:
                found.setdefault((module, variable, prefix), Inclusion(module, variable, prefix, route.guard))
                break
    return tuple(found.values())


def requirements(
    imports: Iterable[str], declared: Mapping[str, str], own: set[str], standard: frozenset[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Requirements for imported top-level packages, and packages of the repository itself.

    `declared` maps normalised distribution names to the root project's own requirement for them.
    """
    found: dict[str, None] = {}
    local: dict[str, None] = {}
    for package in sorted(set(imports)):
        if package in standard or package == "__future__":
            continue
        if package in own:
            local[package] = None
            continue
        names = _distributions(package)
        name = next((name for name in names if name in declared), names[0])
        found[declared.get(name, name)] = None
    return tuple(sorted(found, key=str.lower)), tuple(local)


KNOWN: Mapping[str, Sequence[str]] = {
    "jose": ("python-jose",), "jwt": ("pyjwt",), "yaml": ("pyyaml",), "PIL": ("pillow",), "cv2": ("opencv-python",),
    "sklearn": ("scikit-learn",), "dotenv": ("python-dotenv",), "dateutil": ("python-dateutil",),
    "multipart": ("python-multipart",), "web3": ("web3",), "psycopg2": ("psycopg2-binary", "psycopg2"),
    "bs4": ("beautifulsoup4",), "Crypto": ("pycryptodome",), "redis": ("redis",), "google": ("protobuf",),
    "grpc": ("grpcio",), "attr": ("attrs",), "pkg_resources": ("setuptools",), "jwcrypto": ("jwcrypto",),
    "magic": ("python-magic",), "slugify": ("python-slugify",), "telegram": ("python-telegram-bot",),
    "OpenSSL": ("pyopenssl",), "ldap": ("python-ldap",), "nacl": ("pynacl",), "zmq": ("pyzmq",),
}  # fmt: skip
"""Import names whose distribution has another name; the first one that the root project declares is taken."""


def _distributions(package: str) -> Sequence[str]:
    return KNOWN.get(package, (package.lower().replace("_", "-"),))
