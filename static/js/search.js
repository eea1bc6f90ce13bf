// "/" goes to the search box. Single-key shortcuts can be switched off (WCAG 2.1.4); the choice stays in this browser.
const KEY = "psp-shortcuts";
const button = document.querySelector("[data-shortcuts-switch]");
const isOn = () => localStorage.getItem(KEY) !== "off";

function show() {
  document.body.classList.toggle("psp-shortcuts-off", !isOn());
  if (!button) return;
  button.closest("[data-needs-script]").hidden = false;
  button.setAttribute("aria-pressed", String(isOn()));
  button.querySelector("[data-on]").hidden = !isOn();
  button.querySelector("[data-off]").hidden = isOn();
}

button?.addEventListener("click", () => {
  localStorage.setItem(KEY, isOn() ? "off" : "on");
  show();
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing || !isOn()) return;
  const box = document.querySelector("[data-search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// What was found lies under the box; Escape and a click elsewhere put it away.
const found = document.querySelector("[data-search-results]");
const putAway = () => found?.replaceChildren();
document.addEventListener("click", (event) => {
  if (!event.target.closest(".psp-search")) putAway();
});
found?.closest("form").addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !found.hasChildNodes()) return;
  putAway();
  document.querySelector("[data-search]").focus();
});
show();
