"""Invoices."""

from sqlmodel import Field, SQLModel


class Invoice(SQLModel, table=True):
    """One."""

    __tablename__ = "invoices"
    id: int = Field(primary_key=True)
    order_id: int = Field(foreign_key="orders.id")
