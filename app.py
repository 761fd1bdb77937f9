"""The web app's entry: ``streamlit run app.py``. The pages live in ``analyzer/ui``."""

from analyzer.ui.navigation import show

if __name__ == "__main__":
    show()
