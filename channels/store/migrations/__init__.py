"""Changes of the tables over time (Alembic); `python -m channels store upgrade` carries them out."""
