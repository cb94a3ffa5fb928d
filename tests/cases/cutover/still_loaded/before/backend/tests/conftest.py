from app.services import orders

import pytest


@pytest.fixture
def placed():
    return orders.find(1)
