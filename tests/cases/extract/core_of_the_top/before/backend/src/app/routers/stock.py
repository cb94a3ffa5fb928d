from ..settings import RELEASE

STOCK = RELEASE
