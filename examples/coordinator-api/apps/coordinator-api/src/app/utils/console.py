"""Where log lines go; named in logging.ini and nowhere else."""

import logging


class OneLineHandler(logging.StreamHandler):
    """Writes every record as one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record without line ends."""
        return super().format(record).replace("\n", " | ")
