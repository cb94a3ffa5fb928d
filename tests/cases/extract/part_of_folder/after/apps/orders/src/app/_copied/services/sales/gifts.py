# decompose: copy of backend/src/app/services/sales/gifts.py, carried until a client replaces it: change it there
# sha256 c0c207d4c865718bec160dc88e0b1c551466068cf111aa51623886c9615bc0db
def give() -> None:
    """A gift."""
