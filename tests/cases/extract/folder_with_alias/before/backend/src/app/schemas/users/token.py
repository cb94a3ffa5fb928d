class Token:
    text = "t"
