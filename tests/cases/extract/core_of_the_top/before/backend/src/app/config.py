DATABASE = "sqlite://"
