"""Which files around the package mean it."""

from __future__ import annotations

from decomposer.graph.belonging import Belonging
from decomposer.model.config import Config, Home


def test_a_service_that_has_a_part_of_the_package_is_no_other_package() -> None:
    """A unit that names a module counts after an extraction as before; with a stranger's package it does not."""
    homes = (Home("app.routers", "apps/pay/src/app/routers"),)
    config = Config("apps/api/src", "app", ("app.main:app",), homes=homes)
    paths = ["apps/api/src/app/main.py", "apps/pay/src/app/main.py", "apps/pay/src/app/routers/pay.py", "pay.service"]
    assert Belonging(config, paths).counts("pay.service", ["app.routers.pay"])
    paths.append("apps/wallet/src/app/main.py")
    assert not Belonging(config, paths).counts("pay.service", ["app.routers.pay"])
