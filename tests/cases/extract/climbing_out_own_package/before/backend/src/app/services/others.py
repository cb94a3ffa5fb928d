from pathlib import Path

NOTES = (Path(__file__).parent / "notes.txt").read_text()
