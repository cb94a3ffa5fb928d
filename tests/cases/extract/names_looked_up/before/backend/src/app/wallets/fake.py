class FakeWallet:
    name = "fake"
