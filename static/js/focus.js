// An error summary takes focus when the page opens, and after htmx has put one in.
const focusFirst = (root) => root.querySelector("[data-focus-on-load]")?.focus();

focusFirst(document);
document.addEventListener("htmx:afterSwap", (event) => focusFirst(event.target));

// A link of the summary lands on the control itself, not only near it.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-focus-on-load] a[href^='#']");
  const control = link && document.getElementById(link.hash.slice(1));
  if (!control) return;
  event.preventDefault();
  control.focus({ preventScroll: true });
  (control.closest(".psp-field") ?? control).scrollIntoView({ block: "center" });
});
