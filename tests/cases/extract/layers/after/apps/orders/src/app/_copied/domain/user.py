# decompose: copy of backend/src/app/domain/user.py, carried until a client replaces it: change it there
# sha256 98f104e89961bc86f2acec3463f9299b5556a193ff0a12a0fe057768f5755041
NAME = "user"
