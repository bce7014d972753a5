"""Every direction of a match. Each module is named after what it starts from and what it ranks."""
