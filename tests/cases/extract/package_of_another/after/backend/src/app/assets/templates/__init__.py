TEMPLATE = "t.html"
