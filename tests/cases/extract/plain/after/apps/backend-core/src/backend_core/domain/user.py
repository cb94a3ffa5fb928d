"""Users."""

from sqlmodel import Field, SQLModel


class User(SQLModel, table=True):
    """Who uses the shop."""

    id: int = Field(primary_key=True)
