"""Says where it lies: that is another place then."""

PLACE = __file__
