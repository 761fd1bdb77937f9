"""What coaches save: cases, and readings of them with who and when. SQLite in the user's folder, or another by ``DATABASE_URL``."""

from __future__ import annotations

from analyzer.database.coaching import Coaching, KeptCase, Reading
from analyzer.database.connection import database_url, open_database

__all__ = ["Coaching", "KeptCase", "Reading", "database_url", "open_database"]
