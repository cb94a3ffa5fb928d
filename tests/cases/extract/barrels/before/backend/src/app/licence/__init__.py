# Copyright the shop
# Licence: ours

from .kept import VALUE
