OTHER = "new"
