# decompose: copy of backend/src/app/formats/long.py, carried until a client replaces it: change it there
# sha256 9ce9e8d8016a509422839115b27c41bb0497c65bb97e9451d4ab0f248ce1ab50
class Long:
    NAME = "long"
