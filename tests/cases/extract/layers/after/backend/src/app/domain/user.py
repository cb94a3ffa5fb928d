NAME = "user"
