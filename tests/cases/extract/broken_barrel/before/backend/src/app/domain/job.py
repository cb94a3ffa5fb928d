class Job:
    name = "j"
