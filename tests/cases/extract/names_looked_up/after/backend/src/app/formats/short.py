class Short:
    NAME = "short"
