"""Figures. Reads what modules publish and never changes the business."""
