"""A report on GPUs; handed out by `app.services` to whoever asks, which nobody does."""

from ..domain import Gpu


class GpuReport:
    """What each model of GPU costs."""

    def __init__(self, gpus: list[Gpu]) -> None:
        self.prices = {gpu.model: gpu.price_per_hour for gpu in gpus}
