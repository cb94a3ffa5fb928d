"""`python -m benchmarks`: what `decompose` costs, whole process against whole process."""
