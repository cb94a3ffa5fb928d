"""Orders."""

from sqlmodel import Field, SQLModel


class Order(SQLModel, table=True):
    """One."""

    __tablename__ = "orders"
    id: int = Field(primary_key=True)
