"""Everything on one line."""; pass
