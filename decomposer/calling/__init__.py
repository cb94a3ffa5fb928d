"""Who calls the monolith's API over HTTP: the requests in a repository, and the operations that answer them."""
