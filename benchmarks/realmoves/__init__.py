"""Single modules of a real application, moved one by one: what breaks."""
