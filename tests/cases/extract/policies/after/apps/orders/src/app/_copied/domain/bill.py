# decompose: copy of apps/billing/src/app/domain/bill.py, carried until a client replaces it: change it there
# sha256 b0857d0d2d767dc009b844586377145291d7718804f734060080cad3b60242ce
class Bill:
    pass
