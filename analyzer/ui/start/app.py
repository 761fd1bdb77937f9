"""What ``analyzer app`` gives Streamlit to run.

Alone in its folder, because Streamlit puts a script's folder first on the search path, and ``ui/html.py`` there would stand in for
the standard library's ``html``.
"""

from analyzer.ui.navigation import show

if __name__ == "__main__":
    show()
