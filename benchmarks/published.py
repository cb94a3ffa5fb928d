"""The quality figures on the data sets of Mono2Micro (ESEC/FSE 2021), beside the figures that were published.

    git clone https://github.com/kaliaanup/Mono2Micro-FSE-2021 /tmp/published
    python -m benchmarks.published /tmp/published

Exit codes: 0 all are the published ones, 1 some are not. The data is not part of this project: it has no licence.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from decomposer.checks.quality import outside_band, structure

PLACEMENTS = {
    "Mono2Micro": "mono2micro_output/vertical_cluster_assignment_{}.json",
    "CoGCN": "cogcn_output/vertical_cluster_assignment__{}.json",
    "MEM": "mem_output/vertical_clustering__{}.json",
}
APPLICATIONS = ("daytrader", "acmeair", "jpetstore", "plants")
FIGURES = ("ICP", "SM", "IFN", "NED")


def main() -> int:
    """Prints how many placements have the published figures, and each that has another."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.published", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="a clone of the data sets")
    folder = parser.parse_args().folder
    published = read_published(folder / "experimental_results.xlsx")
    seen = dict.fromkeys(FIGURES, 0)
    same = dict(seen)
    for application in APPLICATIONS:
        data = folder / "datasets_runtime" / application
        volumes = json.loads((data / "mono2micro_output/runtime_call_volume.json").read_text())
        calls = {(call.split("--")[0], call.split("--")[1]): count for call, count in volumes.items()}
        for (tool, size), told in published.get(application, {}).items():
            path = data / PLACEMENTS[tool].format(size)
            if not path.is_file():
                continue
            placement = {name: str(group) for name, group in json.loads(path.read_text()).items()}
            for name, value in figures(calls, placement).items():
                seen[name] += 1
                same[name] += value == told[name]
                if value != told[name]:
                    print(f"{application}, {tool}, k={size}: {name} is {value}, published is {told[name]}")
    for name in FIGURES:
        print(f"{name}: {same[name]} of {seen[name]} as published")
    return 0 if same == seen and all(seen.values()) else 1


def figures(calls: dict[tuple[str, str], int], placement: dict[str, str]) -> dict[str, float]:
    """The figures under their published names, rounded as published."""
    found = structure(calls, placement)
    sizes: dict[str, int] = {}
    for group in placement.values():
        sizes[group] = sizes.get(group, 0) + 1
    return {
        "ICP": round(found.inter_calls_log, 3),
        "SM": round(found.structural_modularity_as_programmed() + own_calls(calls, placement), 3),
        "IFN": round(found.interface_pairs, 3),
        "NED": round(outside_band(sizes.values(), 5, 20), 3),
    }


def own_calls(calls: dict[tuple[str, str], int], placement: dict[str, str]) -> float:
    """What the authors' program adds to cohesion: classes that call themselves, but for the last of each group."""
    groups: dict[str, list[str]] = {}
    for name, group in placement.items():
        groups.setdefault(group, []).append(name)
    counted = (sum((name, name) in calls for name in members[:-1]) / len(members) ** 2 for members in groups.values())
    return sum(counted) / len(groups)


def read_published(path: Path) -> dict[str, dict[tuple[str, int], dict[str, float]]]:
    """The published figures by application, then by tool and number of groups."""
    book = zipfile.ZipFile(path)
    strings = ["".join(re.findall(r"<t[^>]*>(.*?)</t>", item, re.S))
               for item in re.findall(r"<si>(.*?)</si>", book.read("xl/sharedStrings.xml").decode(), re.S)]  # fmt: skip
    names = re.findall(r'<sheet [^>]*name="([^"]*)"', book.read("xl/workbook.xml").decode())
    found: dict[str, dict[tuple[str, int], dict[str, float]]] = {}
    for number, name in enumerate(names, 1):
        tool = ""
        columns: dict[str, str] = {}
        for row in _rows(book.read(f"xl/worksheets/sheet{number}.xml").decode(), strings):
            if row.get("A"):
                tool = row["A"]
                columns = {title: column for column, title in row.items() if column < "I"}
            size = re.fullmatch(r"(?:k=)?(\d+)", row.get("B", ""))
            if size and tool in PLACEMENTS and all(columns.get(figure, "") in row for figure in FIGURES):
                told = {figure: round(float(row[columns[figure]]), 3) for figure in FIGURES}
                found.setdefault(name, {})[tool, int(size[1])] = told
    return found


def _rows(sheet: str, strings: list[str]) -> Iterator[dict[str, str]]:
    """The cells of each row by column."""
    for row in re.findall(r"<row [^>]*>(.*?)</row>", sheet, re.S):
        cells = {}
        for column, attributes, content in re.findall(r'<c r="([A-Z]+)\d+"([^>]*?)(?:/>|>(.*?)</c>)', row, re.S):
            value = re.search(r"<v>(.*?)</v>", content or "")
            if value:
                cells[column] = strings[int(value[1])] if 't="s"' in attributes else value[1]
        yield cells


if __name__ == "__main__":
    sys.exit(main())
