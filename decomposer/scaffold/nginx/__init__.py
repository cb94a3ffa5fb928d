"""nginx in front of the monolith and its services: whose each path is, beside what is configured there already."""
