from pathlib import Path

HERE = Path(__file__).parent
TEXT = (HERE / "conf.json").read_text()


def load() -> str:
    return TEXT
