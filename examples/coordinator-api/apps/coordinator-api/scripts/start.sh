#!/bin/sh
# Starts both processes on this machine; ends when either ends.
set -eu
cd "$(dirname "$0")/../src"
export PYTHONPATH=".:../../.."
python -c "from app.storage import init_db; init_db()"
python -m app.services.adaptive_learning_app &
exec uvicorn app.main:app --log-config ../logging.ini --port "${PORT:-8000}"
