# what everybody needs
from .kept import VALUE
