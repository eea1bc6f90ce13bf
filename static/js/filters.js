// On a phone the filters beside the search box fold away until they are asked for, unless one of them is in use.
for (const button of document.querySelectorAll("[data-filters-toggle]")) {
  const form = button.closest("form");
  const others = [...form.querySelectorAll(".psp-filters__field:not(.psp-filters__field--search)")];
  if (!others.length || others.length === form.querySelectorAll(".psp-filters__field").length) continue;
  const fold = (folded) => {
    form.classList.toggle("psp-filters--folded", folded);
    button.setAttribute("aria-expanded", String(!folded));
  };
  button.hidden = false;
  button.addEventListener("click", () => fold(!form.classList.contains("psp-filters--folded")));
  fold(!others.some((field) => [...field.querySelectorAll("input, select")].some((el) => (el.type === "checkbox" || el.type === "radio" ? el.checked && el.value : el.value))));
}
