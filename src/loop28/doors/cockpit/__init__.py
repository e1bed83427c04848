"""The host's phone pages: a day of the line done in ten minutes with one hand."""
