OTHER = "old"
