from pathlib import Path

NOTES = (Path(__import__("os").path.abspath(__file__ + "/../../../../../../backend/src/app/services/order_notes.py")).parent / "notes.txt").read_text()
