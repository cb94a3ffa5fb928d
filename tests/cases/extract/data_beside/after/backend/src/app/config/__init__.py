from backend_core.config.reading import load
