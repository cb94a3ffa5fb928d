EXTRA = "stays"
