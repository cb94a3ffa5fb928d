# Copyright the shop
# Licence: ours
