"""Says where it lies: that is another place then."""

PLACE = __import__("os").path.abspath(__file__ + "/../../../../../../backend/src/app/services/order_place.py")
