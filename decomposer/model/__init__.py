"""The values that flow from stage to stage, and the errors; nothing here reads, decides or prints."""
