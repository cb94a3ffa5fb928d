"""Orders."""

from sqlmodel import Field, SQLModel


class Order(SQLModel, table=True):
    """Who ordered."""

    id: int = Field(primary_key=True)
    user_id: int = Field(foreign_key="user.id")
