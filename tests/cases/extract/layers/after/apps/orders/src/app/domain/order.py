NAME = "order"
