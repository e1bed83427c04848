"""Addresses for machines."""

from django.urls import path

from loop28.doors.api import facts, orders

urlpatterns = [
    path("orders", orders.take, name="api-orders"),
    path("facts", facts.take, name="api-facts"),
]
