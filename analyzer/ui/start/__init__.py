"""The script that ``analyzer app`` gives Streamlit to run."""
