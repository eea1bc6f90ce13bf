// Passkeys: the browser asks for fingerprint, face, PIN or key, and the answer goes to the server as a hidden field.
// Needs webauthn-json.js (shipped with allauth) before it. A form says what it wants:
//   data-passkey="create|get", data-passkey-options='{"publicKey": …}' or data-passkey-url (fetched when pressed).
const GAVE_UP = "The passkey did not answer. Try again, or use another way to sign in.";
const HAVE_ALREADY = "This device holds a passkey of yours already.";

async function options(form) {
  if (form.dataset.passkeyOptions) return JSON.parse(form.dataset.passkeyOptions);
  const answer = await fetch(form.dataset.passkeyUrl, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}

// Alone enough to sign in: the key must know who its owner is, and check that it is them.
function asked(form, creation) {
  const alone = form.elements.passwordless?.checked;
  const selection = { ...creation.publicKey.authenticatorSelection };
  selection.residentKey = alone ? "required" : "discouraged";
  selection.requireResidentKey = alone;
  if (alone) selection.userVerification = "required";
  return { ...creation, publicKey: { ...creation.publicKey, authenticatorSelection: selection } };
}

async function answer(form) {
  const wanted = await options(form);
  return form.dataset.passkey === "create" ? window.webauthnJSON.create(asked(form, wanted)) : window.webauthnJSON.get(wanted);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const note = form.querySelector("[data-passkey-note]");
  for (const el of form.querySelectorAll("[data-passkey-button]")) el.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    note.textContent = "";
    try {
      form.elements.credential.value = JSON.stringify(await answer(form));
      form.submit();
    } catch (problem) {
      note.textContent = problem.name === "InvalidStateError" ? HAVE_ALREADY : GAVE_UP;
    }
  });
}
