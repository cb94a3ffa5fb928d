# decompose: copy of backend/src/app/formats/short.py, carried until a client replaces it: change it there
# sha256 15bea8ee52e9f1ed0c4c1f3841535017be4bcc7d37eb17f64f424c42fc375721
class Short:
    NAME = "short"
