"""References respelled where files have moved; what is not a reference stays byte for byte."""
