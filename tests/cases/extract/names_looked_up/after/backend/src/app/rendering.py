from types import ModuleType


def rendered(module: ModuleType, form: str) -> str:
    return str(getattr(module, form).NAME)
