class VoidWallet:
    name = "void"
