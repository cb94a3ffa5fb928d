"""What the services and the monolith shop have in common."""
