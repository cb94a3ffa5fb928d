# decompose: copy of backend/src/app/services/sales/gifts.py (sha256 c0c207d4c865718bec160dc88e0b1c551466068cf111aa51623886c9615bc0db), carried until a client replaces it: change it there
def give() -> None:
    """A gift."""
