"""Addresses for machines."""

from django.urls import path

from loop28.doors.api import orders

urlpatterns = [path("orders", orders.take, name="api-orders")]
