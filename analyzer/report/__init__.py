"""Reports: JSON and terminal. They show, and never compute."""
