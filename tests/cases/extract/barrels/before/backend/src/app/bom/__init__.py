VALUE = "with a byte order mark"
