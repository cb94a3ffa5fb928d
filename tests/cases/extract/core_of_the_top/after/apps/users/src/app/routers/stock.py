from backend_core.settings import RELEASE

STOCK = RELEASE
