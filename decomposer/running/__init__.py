"""The whole on one machine: the monolith, its services and nginx, for trying out and for comparing what they answer."""
