from app import __version__

RELEASE = f"v{__version__}"
