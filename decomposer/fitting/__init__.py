"""How every service and file gets below its limit: steps in order of the harm that they do, and what each saves."""
