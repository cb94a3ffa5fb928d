import app.nothing_of_that_name  # was broken before
