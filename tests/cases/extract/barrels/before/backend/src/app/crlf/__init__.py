"""Line ends of another system."""

from .kept import VALUE
