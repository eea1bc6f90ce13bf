// The form of a contact: minutes to tap, and a draft kept on the server two seconds after typing stops.
const status = document.querySelector("[data-draft-url]");
const form = status?.form ?? status?.closest("form");
const WAIT = 2000;
let timer;
let saving;
let waiting = false;
let over = false;

function say(words, isProblem = false) {
  status.textContent = words;
  status.classList.toggle("psp-draft--problem", isProblem);
}

async function send() {
  const answer = await fetch(status.dataset.draftUrl, {
    method: "POST", body: new FormData(form), redirect: "manual", keepalive: true, headers: { Accept: "application/json" },
  });
  if (answer.type === "opaqueredirect") return say("Not saved: you are signed out. Sign in again; what you typed is kept in this tab.", true);
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return say("Not saved. What you typed stays on this page.", true);
  const told = await answer.json();
  if (!answer.ok) {
    over = answer.status === 409;
    return say(`Not saved. ${told.problem}`, true);
  }
  form.elements.version.value = told.version;
  say(`Saved ${told.saved}`);
  if (!waiting) form.dispatchEvent(new Event("psp:saved", { bubbles: true }));
}

// Minutes alone are nothing to come back to.
const isWorthKeeping = () => form.elements.referral.value || form.elements.note.value.trim();

// One save at a time, so that an older one never arrives after a newer one.
async function save() {
  clearTimeout(timer);
  if (over || !waiting || saving || !isWorthKeeping()) return;
  waiting = false;
  saving = send().catch(() => say("Not saved: no connection. What you typed stays on this page.", true));
  await saving;
  saving = null;
  if (waiting) later();
}

function later() {
  waiting = true;
  clearTimeout(timer);
  timer = setTimeout(save, WAIT);
}

function addChoices(input) {
  const row = document.createElement("div");
  row.className = "psp-minutes";
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "Usual times");
  const buttons = input.dataset.choices.split(" ").map((minutes) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "usa-button usa-button--outline";
    const unit = document.createElement("span");
    unit.className = "usa-sr-only";
    unit.textContent = " minutes";
    button.append(minutes, unit);
    button.value = minutes;
    button.addEventListener("click", () => {
      input.value = minutes;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return button;
  });
  const mark = () => buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.value === input.value)));
  row.append(...buttons);
  input.after(row);
  input.addEventListener("input", mark);
  mark();
}

// The browser's Back draws the page anew, with a new id, and often fills in the old words: without this the same
// contact could be logged twice. The visit's own id lies in its history entry.
function isFilledIn() {
  return [...form.elements].some((el) => (["checkbox", "radio"].includes(el.type)
    ? el.checked !== el.defaultChecked
    : el.options ? [...el.options].some((o) => o.selected !== o.defaultSelected) && el.value : el.type !== "hidden" && el.value !== (el.defaultValue ?? el.value)));
}

function comeBack() {
  const { id, window: mine } = form.elements;
  const before = history.state?.contact;
  const draft = before && before.id !== id.value && document.querySelector(`a[href$="?draft=${CSS.escape(before.id)}"]`);
  if (draft) return location.replace(draft.href);
  if (before && isFilledIn()) [id.value, mine.value] = [before.id, before.window];
  else history.replaceState({ ...history.state, contact: { id: id.value, window: mine.value } }, "");
}

document.querySelectorAll("input[data-choices]").forEach(addChoices);
if (form) {
  window.addEventListener("pageshow", (event) => { if (!event.persisted) comeBack(); });
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => { waiting = false; clearTimeout(timer); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  document.addEventListener("psp:signing-out", () => clearTimeout(timer));
}
