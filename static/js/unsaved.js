// Ask before a changed form is left; Ctrl+Enter (Cmd+Enter) saves it.
const FORMS = "form[data-warn-unsaved]";
const changed = new Set();
let sending = false;

// A double tap sends once: a second submit of the same form within three seconds is the same finger.
const SAME_TAP = 3000;
let tapped = { form: null, at: 0 };
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  const at = Date.now();
  if (tapped.form === form && at - tapped.at < SAME_TAP) event.preventDefault();
  else tapped = { form, at };
});
window.addEventListener("pageshow", () => { tapped = { form: null, at: 0 }; });

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches(FORMS)) changed.add(form);
});
// Only the form that is being sent is excused: searching or signing out beside a changed form still asks.
document.addEventListener("submit", (event) => {
  sending = event.target.matches(FORMS);
});
document.addEventListener("htmx:afterRequest", () => { sending = false; });
document.addEventListener("psp:saved", (event) => changed.delete(event.target));
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
