"""The frame of the app: its pages, its looks, and what stays while people go from page to page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from analyzer.ui import draft_page, method_page, service, teach_page, workshop_page

TITLE = "Draft analyzer"
_HERE = Path(__file__).parent


def show() -> None:
    """Draw the page that is asked for."""
    st.set_page_config(page_title=TITLE, page_icon=_HERE / "mark.svg", layout="wide")
    st.html(_HERE / "style.css")
    st.html(f"<script>{(_HERE / 'copy.js').read_text(encoding='utf-8')}</script>", unsafe_allow_javascript=True)
    _keep_fields()
    pages = (
        st.Page(draft_page.show, title="Draft", url_path="draft", default=True),
        st.Page(workshop_page.show, title="Workshop", url_path="workshop"),
        st.Page(teach_page.show, title="Teach", url_path="teach"),
        st.Page(method_page.show, title="Method", url_path="method"),
    )
    st.navigation(pages, position="top").run()
    service.shared_judge()  # starts warming up once the first page is drawn


def _keep_fields() -> None:
    """What is typed on one page is still there after a look at another: Streamlit forgets boxes that are not drawn."""
    for key in (*draft_page.FIELDS, *workshop_page.FIELDS, *teach_page.FIELDS):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
