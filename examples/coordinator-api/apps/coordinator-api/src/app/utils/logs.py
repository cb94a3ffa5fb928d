"""Logging: one line of JSON per record, quieter where the traffic is."""

import json
import logging
import logging.config

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "app.utils.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {
        "app": {"handlers": ["console"], "level": "INFO"},
        "app.services.escrow": {"level": "DEBUG"},
        "app.services.agent_communication": {"level": "WARNING"},
        "app.routers": {"level": "WARNING"},
    },
}


class JsonFormatter(logging.Formatter):
    """Write a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        body = {"level": record.levelname, "logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            body["error"] = self.formatException(record.exc_info)
        return json.dumps(body)


def configure_logging(level: str) -> None:
    """Apply `LOGGING` with the package's own level set to `level`."""
    logging.config.dictConfig(LOGGING)
    logging.getLogger("app").setLevel(level)
