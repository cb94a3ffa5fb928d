NAMES = ["ann"]
