"""Tasks by name, and how loud they are."""

from celery import Celery

celery = Celery("shop", include=["app.services.orders_tasks"])
LOGGERS = {"app.services.orders": "INFO"}


def soon() -> None:
    """Reminds of orders."""
    celery.send_task("app.services.orders_tasks.remind")
