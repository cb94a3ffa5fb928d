# decompose: copy of backend/src/app/domain/2021_01-users.py, carried until a client replaces it: change it there
# sha256 d09e93b2d57a9078a2c3473f9c668291e9f27f1177b44cf40c8c1d377e19f818
from sqlmodel import Field, SQLModel


class User(SQLModel, table=True):
    __tablename__ = "users"
    id: int = Field(primary_key=True)
