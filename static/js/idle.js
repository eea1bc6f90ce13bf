// Sign-out after idle time: warn two minutes before, keep what was typed, offer it again after sign-in.
//
// The server decides when a session ends; this only counts along. Every page load in any tab starts the count anew, and so
// does typing (told to the server at most once a minute), because somebody writing a long note is not idle.
const WARN_SECONDS = 120;
const PING_SECONDS = 60;
const body = document.body;
const limit = Number(body.dataset.idleSeconds);
const user = body.dataset.user;
const dialog = document.getElementById("idle-dialog");
const KEPT = "psp-kept:";
const SENT = "psp-sent:";
const SIGNED_OUT = "psp-signed-out";
const key = `${KEPT}${user}:${location.pathname}`;

let last = Date.now();
const tabs = new BroadcastChannel("psp-alive");
tabs.onmessage = () => { last = Date.now(); closeDialog(); };

function alive() {
  last = Date.now();
  tabs.postMessage("alive");
}

async function ping() {
  const token = JSON.parse(body.getAttribute("hx-headers"))["x-csrftoken"];
  const answer = await fetch(dialog.dataset.aliveUrl, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" });
  if (answer.ok) alive();
  return answer.ok;
}

function closeDialog() {
  if (dialog?.open) dialog.close();
}

const keepable = (el) => el.name && !["hidden", "password", "file", "submit", "button"].includes(el.type);

function fields() {
  return [...document.querySelectorAll("form[data-warn-unsaved]")].flatMap((form) => [...form.elements].filter(keepable));
}

// Text goes by name and place, ticks by name and value, so that a page drawn anew finds them again.
function keep(place = key) {
  const values = fields().map((el) => (["checkbox", "radio"].includes(el.type)
    ? { name: el.name, value: el.value, checked: el.checked }
    : el.multiple ? { name: el.name, values: [...el.selectedOptions].map((o) => o.value) } : { name: el.name, value: el.value }));
  if (typed) sessionStorage.setItem(place, JSON.stringify(values));
}

function restore() {
  const waiting = JSON.parse(sessionStorage.getItem(key) ?? "[]");
  for (const el of fields()) {
    const ticks = ["checkbox", "radio"].includes(el.type);
    const at = waiting.findIndex((one) => one.name === el.name && (!ticks || one.value === el.value));
    if (at < 0) continue;
    const [one] = waiting.splice(at, 1);
    if (ticks) el.checked = one.checked;
    else if (el.multiple) for (const option of el.options) option.selected = one.values?.includes(option.value);
    else el.value = one.value;
    el.dispatchEvent(new Event("input", { bubbles: true }));
    el.dispatchEvent(new Event("change", { bubbles: true }));
  }
  sessionStorage.removeItem(key);
}

function offer() {
  if (!sessionStorage.getItem(key) || !fields().length) return;
  const note = document.getElementById("restore-offer").content.firstElementChild.cloneNode(true);
  const close = () => { note.remove(); document.querySelector("main h1")?.scrollIntoView(); };
  note.querySelector("[data-restore]").addEventListener("click", () => { restore(); close(); });
  note.querySelector("[data-forget]").addEventListener("click", () => { sessionStorage.removeItem(key); close(); });
  document.getElementById("messages").append(note);
}

// A form that was sent is forgotten when the next page opens, unless that page was the sign-in: then it never arrived.
function sortOutSent() {
  const lost = sessionStorage.getItem(SIGNED_OUT);
  for (const name of Object.keys(sessionStorage).filter((one) => one.startsWith(SENT))) {
    if (lost) sessionStorage.setItem(name.replace(SENT, KEPT), sessionStorage.getItem(name));
    sessionStorage.removeItem(name);
  }
  sessionStorage.removeItem(SIGNED_OUT);
}

// Another person at the same screen must not find the first one's words.
function dropOthers() {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(KEPT) && !name.startsWith(`${KEPT}${user}:`)) sessionStorage.removeItem(name);
  }
}

function onSubmit(event) {
  if (!event.target.matches("[data-warn-unsaved]")) return;
  sessionStorage.removeItem(key);
  keep(key.replace(KEPT, SENT));
}

let typed = false;
let lastPing = Date.now();
function onTyping(event) {
  if (event.isTrusted && event.target.form?.matches("[data-warn-unsaved]")) typed = true;
  if (event.isTrusted && !dialog.open && Date.now() - lastPing > PING_SECONDS * 1000) {
    lastPing = Date.now();
    ping().catch(() => {});
  }
}

function words(seconds) {
  const minutes = Math.ceil(seconds / 60);
  if (seconds > 60) return `About ${minutes} minutes left.`;
  return `${Math.max(Math.ceil(seconds / 10) * 10, 10)} seconds left.`;
}

function end() {
  keep();
  document.dispatchEvent(new Event("psp:signing-out"));
  location.reload();
}

function tick() {
  const left = limit - (Date.now() - last) / 1000;
  if (left <= 0) { clearInterval(clock); end(); return; }
  if (left > Math.min(WARN_SECONDS, limit / 2)) return;
  const text = dialog.querySelector("[data-idle-left]");
  if (text.textContent !== words(left)) text.textContent = words(left);
  if (!dialog.open) dialog.showModal();
}

let clock;
if (!user) sessionStorage.setItem(SIGNED_OUT, "1");
if (limit && dialog) {
  sortOutSent();
  dropOthers();
  offer();
  alive();
  clock = setInterval(tick, 1000);
  document.addEventListener("input", onTyping);
  document.addEventListener("htmx:afterRequest", alive);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
  document.addEventListener("submit", onSubmit);
  dialog.querySelector("[data-idle-stay]").addEventListener("click", () => ping().then((ok) => (ok ? closeDialog() : end()), () => {}));
  dialog.querySelector("[data-idle-out]").addEventListener("submit", () => keep());
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); dialog.querySelector("[data-idle-stay]").click(); });
}
