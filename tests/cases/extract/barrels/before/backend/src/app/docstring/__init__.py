"""What is here,
in two lines."""


from .kept import VALUE
