from .reading import load
