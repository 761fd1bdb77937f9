"""Migrations of the database, run by ``connection.open_database``."""
