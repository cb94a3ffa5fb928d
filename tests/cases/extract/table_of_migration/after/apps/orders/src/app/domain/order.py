from sqlmodel import Field, SQLModel


class Order(SQLModel, table=True):
    __tablename__ = "orders"
    id: int = Field(primary_key=True)
    user: int = Field(foreign_key="users.id")
