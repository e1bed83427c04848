"""Addresses for machines."""

from django.urls import path

from loop28.doors.api import description, facts, orders

urlpatterns = [
    path("openapi.json", description.show, name="api-description"),
    path("orders", orders.take, name="api-orders"),
    path("facts", facts.take, name="api-facts"),
]
