// A button with data-copy puts that text on the clipboard and says so. One listener for the whole page, whatever is drawn anew.
if (!window.draftAnalyzerCopies) {
  window.draftAnalyzerCopies = true;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Your browser does not let us: mark the text and copy it";
    }
    setTimeout(() => { button.textContent = label; }, 2500);
  });
}
