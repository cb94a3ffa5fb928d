from pathlib import Path

RATES = (Path(__file__).parent / "data" / "rates.csv").read_text()
