from ..tasks.registry import task


@task("orders.ship")
def ship() -> None: ...
