from backend_core import __version__

RELEASE = f"v{__version__}"
