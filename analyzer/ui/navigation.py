"""The frame of the app: its pages, its looks, and what stays while people go from page to page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from analyzer.ui import service

TITLE = "Draft analyzer"
KEPT = (
    *(
        "draft",
        "notes",
        "interviewer",
        "company",
        "role",
        "kind",
        "interviewed_at",
        "decision_on",
        "sent_at",
        "sent_before",
    ),
    *("workshop_hide", "workshop_find", "workshop_kind", "workshop_fault", "workshop_scores"),
    *("coach", "teach_part"),
)
"""Keys of boxes whose content stays while other pages are shown."""

_HERE = Path(__file__).parent
_SCRIPTS = ("copy.js", "leave.js")


def show() -> None:
    """Draw the page that is asked for."""
    st.set_page_config(page_title=TITLE, page_icon=_HERE / "mark.svg", layout="wide")
    st.html(_HERE / "style.css")
    for script in _SCRIPTS:
        st.html(f"<script>{(_HERE / script).read_text(encoding='utf-8')}</script>", unsafe_allow_javascript=True)
    draw = {"draft": _draft, "workshop": _workshop, "teach": _teach, "method": _method}
    pages = [
        st.Page(draw[name], title=name.capitalize(), url_path=name, default=name == service.PAGES[0])
        for name in service.wanted_pages()
    ]
    page = st.navigation(pages, position="top")
    _keep_fields(page.title)
    page.run()
    service.shared_judge()  # starts warming up once the first page is drawn


# Pages are imported when they are shown: the first one need not wait for what only workshops need.


def _draft() -> None:
    from analyzer.ui import draft_page

    draft_page.show()


def _workshop() -> None:
    from analyzer.ui import workshop_page

    workshop_page.show()


def _teach() -> None:
    from analyzer.ui import teach_page

    teach_page.show()


def _method() -> None:
    from analyzer.ui import method_page

    method_page.show()


def _keep_fields(page: str) -> None:
    """What is typed on one page is still there after a look at another: Streamlit forgets boxes that are not drawn.

    They are filled where a page is come to, and only there: a value that is set in each run would overwrite what is being typed.
    """
    state = st.session_state
    kept = state.setdefault("kept", {})
    come_to = state.get("page") not in (None, page)
    state["page"] = page
    for key in KEPT:
        if key in state:
            kept[key] = state[key]
        if come_to and key in kept:
            state[key] = kept[key]
