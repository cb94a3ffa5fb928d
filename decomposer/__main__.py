"""`python -m decomposer`, the same as the command `decompose`."""

from decomposer.cli import main

if __name__ == "__main__":
    main()
