class Long:
    NAME = "long"
