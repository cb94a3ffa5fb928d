#!/bin/sh
set -e
python "$ROOT/apps/orders/src/app/orders.py"
python $(pwd)/apps/orders/src/app/orders.py
exec python ~/shop/apps/orders/src/app/orders.py