"""Settings, read once from environment variables."""

import os
from collections.abc import Mapping


class Settings:
    """What an operator may change without touching the code."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self.database_url = environ.get("COORDINATOR_DATABASE_URL", "sqlite://")
        self.secret = environ.get("COORDINATOR_SECRET", "for development only")
        self.allow_origins = environ.get("COORDINATOR_ALLOW_ORIGINS", "http://localhost:3000").split(",")
        self.enable_admin = environ.get("COORDINATOR_ENABLE_ADMIN", "1") == "1"
        self.log_level = environ.get("COORDINATOR_LOG_LEVEL", "INFO")
        self.fee_permille = int(environ.get("COORDINATOR_FEE_PERMILLE", "25"))
        self.logins_per_minute = int(environ.get("COORDINATOR_LOGINS_PER_MINUTE", "600"))
        self.rpc_url = environ.get("COORDINATOR_RPC_URL", "")


settings = Settings()
