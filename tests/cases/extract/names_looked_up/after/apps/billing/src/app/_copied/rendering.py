# decompose: copy of backend/src/app/rendering.py, carried until a client replaces it: change it there
# sha256 2e92d7c65c7584f313d41af95f0e5bad9e3a0f9177a3edb8ccbec66a6bfcaae5
from types import ModuleType


def rendered(module: ModuleType, form: str) -> str:
    return str(getattr(module, form).NAME)
