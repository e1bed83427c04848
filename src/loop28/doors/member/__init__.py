"""Members' phone pages: join, today, path, group, packet, wallet, certificate."""
