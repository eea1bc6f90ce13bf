// USWDS moves a select's id to a text box but leaves its description behind; the hint and the error go along here.
function describe(root) {
  for (const select of root.querySelectorAll(".usa-combo-box select")) {
    const input = select.closest(".usa-combo-box").querySelector("input");
    if (!input) continue;
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    }
  }
}

if (document.readyState === "complete") describe(document);
else window.addEventListener("load", () => describe(document));
