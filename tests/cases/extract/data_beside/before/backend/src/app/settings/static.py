from pathlib import Path

CWD = Path(__file__).parent
BASE = CWD.parent.parent
