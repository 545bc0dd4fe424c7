"""The store by subject: each part is a base of `Store`, which is all of them over one database."""
