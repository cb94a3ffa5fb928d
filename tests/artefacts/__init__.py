"""What is rendered passes the checks of the tools that it is for; a mutant of each artefact fails its check."""
