// A page is left only once what was typed on it has been taken in: a click on another page's link right after typing would
// otherwise overtake the text, and lose it. One listener for the whole page, whatever is drawn anew.
if (!window.draftAnalyzerLeaves) {
  window.draftAnalyzerLeaves = true;
  let typed = false;
  document.addEventListener("input", () => { typed = true; }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-testid=stTopNavLink], [data-testid=stSidebarNavLink]");
    if (!link || !typed) return;
    event.preventDefault();
    event.stopPropagation();
    document.activeElement?.blur();
    const begun = Date.now();
    const leave = () => {
      const waited = Date.now() - begun;
      const busy = document.querySelector(".stApp")?.dataset.testScriptState !== "notRunning";
      if (waited < 300 || (busy && waited < 5000)) { setTimeout(leave, 50); return; }
      typed = false;
      const again = [...document.querySelectorAll(`[data-testid=${link.dataset.testid}]`)].find((one) => one.href === link.href);
      (again ?? link).click();
    };
    leave();
  }, true);
}
