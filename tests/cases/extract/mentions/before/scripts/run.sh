#!/bin/sh
set -e
python "$ROOT/backend/src/app/orders.py"
python $(pwd)/backend/src/app/orders.py
exec python ~/shop/backend/src/app/orders.py