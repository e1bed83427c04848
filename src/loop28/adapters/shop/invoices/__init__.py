"""A shop's invoice lines as one table: what was sold, and what was sent back later.

The columns are those of the UCI Online Retail data: InvoiceNo, StockCode, Quantity, InvoiceDate,
UnitPrice, CustomerID; others are not read.
"""
