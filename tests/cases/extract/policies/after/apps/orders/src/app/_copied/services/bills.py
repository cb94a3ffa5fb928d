# decompose: copy of apps/billing/src/app/services/bills.py, carried until a client replaces it: change it there
# sha256 253c549ae066be65da54bdead840c02557d81dc0760dac9f84a766574c5c3af0
def total() -> int:
    return 1
