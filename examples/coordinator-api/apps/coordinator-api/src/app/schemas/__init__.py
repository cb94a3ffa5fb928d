"""Request and response bodies."""

from .agents import *  # noqa: F403
from .enterprise import *  # noqa: F403
from .jobs import *  # noqa: F403
from .payments import *  # noqa: F403
