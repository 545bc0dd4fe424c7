"""A world with hidden lessons: sessions that break conventions nobody wrote down, and a model that explains them."""
