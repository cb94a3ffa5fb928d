"""A process of its own that learns online: ``uvicorn app.services.adaptive_learning_app:app``."""

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from ..exceptions import CoordinatorError, handle_coordinator_error
from .advanced_analytics import smooth, trend_of

app = FastAPI(title="Adaptive learning", version="1.0")
app.add_exception_handler(CoordinatorError, handle_coordinator_error)

WEIGHTS: dict[str, float] = {}
RATE = 0.1


class Sample(BaseModel):
    """One observation: features and what they should have predicted."""

    features: dict[str, float] = Field(min_length=1)
    target: float


def predict(features: dict[str, float]) -> float:
    """Return the weighted sum of the features."""
    return sum(WEIGHTS.get(name, 0.0) * value for name, value in features.items())


@app.get("/health")
def health() -> dict[str, object]:
    """Say that the process is up and how many weights it has."""
    return {"status": "ok", "weights": len(WEIGHTS)}


@app.post("/learn")
def learn(samples: list[Sample]) -> dict[str, object]:
    """Take one gradient step per sample and return how the error developed."""
    if not samples:
        raise CoordinatorError("there is nothing to learn from")
    errors = []
    for sample in samples:
        error = sample.target - predict(sample.features)
        for name, value in sample.features.items():
            WEIGHTS[name] = WEIGHTS.get(name, 0.0) + RATE * error * value
        errors.append(abs(error))
    return {"error": round(smooth(errors)[-1], 6), "direction": trend_of(errors).direction}


@app.get("/weights")
def weights() -> dict[str, float]:
    """Return what was learned so far."""
    return WEIGHTS


@app.get("/metrics", response_class=PlainTextResponse, include_in_schema=False)
def metrics() -> str:
    """Return the number of weights in the text format of Prometheus."""
    return f"learning_weights {len(WEIGHTS)}\n"


if __name__ == "__main__":
    import uvicorn

    uvicorn.run("app.services.adaptive_learning_app:app", port=8016)
