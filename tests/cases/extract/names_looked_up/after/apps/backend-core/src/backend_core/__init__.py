"""What the services and the monolith app have in common."""
