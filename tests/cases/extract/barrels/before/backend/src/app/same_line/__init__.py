"""Everything on one line."""; from .kept import VALUE
