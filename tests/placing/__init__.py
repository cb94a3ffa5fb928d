"""Another placement of the files: what is suggested, and what comes of accepting it."""
