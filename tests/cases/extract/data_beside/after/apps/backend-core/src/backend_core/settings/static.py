from pathlib import Path

CWD = Path(__import__("os").path.abspath(__file__ + "/../../../../../../backend/src/app/settings/static.py")).parent
BASE = CWD.parent.parent
