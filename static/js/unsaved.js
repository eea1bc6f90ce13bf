// Ask before a changed form is left; Ctrl+Enter (Cmd+Enter) saves it.
const FORMS = "form[data-warn-unsaved]";
const changed = new Set();
let sending = false;

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches(FORMS)) changed.add(form);
});
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) sending = true;
});
document.addEventListener("psp:signing-out", () => changed.clear());
window.addEventListener("pageshow", () => { sending = false; });
window.addEventListener("beforeunload", (event) => {
  if (sending || ![...changed].some((form) => form.isConnected)) return;
  event.preventDefault();
  event.returnValue = "";
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.form;
  if (form?.matches(FORMS)) {
    event.preventDefault();
    form.requestSubmit();
  }
});
