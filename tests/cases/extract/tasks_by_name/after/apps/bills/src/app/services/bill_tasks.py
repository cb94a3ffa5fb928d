from ..tasks.registry import task


@task("bills.send")
def send() -> None: ...
