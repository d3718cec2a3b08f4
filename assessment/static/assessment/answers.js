/* Saves each answer of a dimension's page as it is given.

   One queue per question: a save is sent again until the server has taken or refused it, and only then the next one of
   the same question goes out, based on the revision the server gave. What is not saved yet stays in this browser, so that a
   closed tab or a lost connection loses nothing. Without this script the page's button saves everything. */
(() => {
  "use strict";

  const form = document.querySelector("form.answers");
  const status = document.querySelector(".save-state");
  const stepper = document.querySelector(".stepper");
  const shelf = `answers:${location.pathname}`;
  const retryAfter = [1000, 2000, 5000, 10000, 20000];
  const waiting = new Map(); // question -> the fields to save next
  const sending = new Set(); // questions whose save is under way
  let failures = 0;

  const part = (name) => form.querySelector(`[data-save="${CSS.escape(name)}"]`);
  const inputs = (name) => [...part(name).querySelectorAll("input, textarea")];
  const choices = (name) => inputs(name).filter((input) => input.type === "radio" || input.type === "checkbox");

  function say(kind, text) {
    status.className = `save-state is-${kind}`;
    if (status.textContent !== text) status.textContent = text;
  }

  function fieldsOf(name) {
    const fields = new URLSearchParams();
    for (const input of inputs(name)) {
      const pick = input.type === "radio" || input.type === "checkbox";
      if (!pick || input.checked) fields.append(input.name, input.value);
    }
    return fields;
  }

  const revisionOf = (name) => part(name).querySelector(`[name="${CSS.escape(name)}.revision"]`);

  /* What the server has not confirmed is kept in this browser until it has. */
  function keep() {
    const unsaved = {};
    for (const [name, fields] of waiting) unsaved[name] = based(name, fields).toString();
    try {
      if (waiting.size) localStorage.setItem(shelf, JSON.stringify(unsaved));
      else localStorage.removeItem(shelf);
    } catch {
      /* A browser that keeps nothing still retries while the page is open. */
    }
  }

  /* The fields of a save, based on the last revision the server gave. */
  function based(name, fields) {
    const body = new URLSearchParams(fields);
    const revision = revisionOf(name);
    if (revision) body.set(revision.name, revision.value);
    return body;
  }

  function save(name) {
    waiting.set(name, fieldsOf(name));
    keep();
    send(name);
  }

  async function send(name) {
    if (sending.has(name) || !waiting.has(name)) return;
    sending.add(name);
    const fields = waiting.get(name);
    const body = based(name, fields);
    body.set("save", name);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    say("saving", form.dataset.saving);
    const answer = await post(body);
    sending.delete(name);
    if (answer === null) return retry(name);
    failures = 0;
    if (answer.refused) return say("failed", form.dataset.refused); // still kept: sent again when the page is reloaded
    if (waiting.get(name) === fields || answer.submitted) waiting.delete(name);
    take(name, answer);
    keep();
    send(name);
  }

  /* The server's word on a save; null when there was none, so that the save has to be repeated. */
  async function post(body) {
    try {
      const response = await fetch(location.pathname, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        keepalive: true,
        signal: AbortSignal.timeout(15000),
      });
      if (response.status >= 500 || response.status === 429) return null;
      const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
      return isJson ? await response.json() : { refused: true };
    } catch {
      return null;
    }
  }

  function retry(name) {
    say("failed", form.dataset.failed);
    const pause = retryAfter[Math.min(failures, retryAfter.length - 1)];
    failures += 1;
    setTimeout(() => send(name), pause);
  }

  function take(name, answer) {
    if (answer.submitted) return say("failed", answer.message);
    const stored = answer.questions[name];
    const lost = answer.lost[name];
    if (stored) revisionOf(name).value = stored.revision;
    if (lost !== undefined) {
      waiting.delete(name); // a newer answer stands: show it, and what was not saved beside it
      put(name, stored);
    }
    showErrors(name, answer.errors);
    showLost(name, lost, answer.errors[name]);
    showProgress(answer.progress);
    if (!answer.saved) say("failed", form.dataset.refused);
    else if (!waiting.size && !sending.size) say("saved", answer.message);
  }

  function put(name, stored) {
    for (const input of choices(name)) input.checked = stored.chosen.includes(input.value);
    form.elements[`${name}.note`].value = stored.note;
    form.elements[`${name}.evidence`].value = stored.evidence;
  }

  function showErrors(name, errors) {
    for (const field of ["note", "evidence"]) {
      const place = document.getElementById(`${name}.${field}.error`);
      if (!place) continue;
      const text = errors[`${name}.${field}`] || "";
      place.textContent = text;
      place.hidden = !text;
      form.elements[`${name}.${field}`].setAttribute("aria-invalid", text ? "true" : "false");
    }
  }

  function showLost(name, lost, error) {
    const place = part(name).querySelector(".lost");
    if (!place) return;
    place.textContent = error || (lost === undefined ? "" : `${form.dataset.lost} ${lost}.`);
    place.hidden = !place.textContent;
  }

  function showProgress(progress) {
    for (const [key, state] of Object.entries(progress)) {
      const step = stepper.querySelector(`[data-dimension="${CSS.escape(key)}"]`);
      if (!step) continue;
      step.classList.toggle("done", state.done);
      step.querySelector("progress").value = state.percent;
      const count = step.querySelector("[data-answered]");
      if (count) count.textContent = state.answered;
    }
  }

  /* "None of these" and "I don't know" leave no other tick standing, and the other way round. */
  function settle(ticked) {
    if (ticked.type !== "checkbox" || !ticked.checked) return;
    const name = ticked.closest("[data-save]").dataset.save;
    for (const other of choices(name)) {
      if (other !== ticked && (ticked.hasAttribute("data-exclusive") || other.hasAttribute("data-exclusive"))) {
        other.checked = false;
      }
    }
  }

  /* Texts are saved a moment after the last key, choices at once. */
  let typing;
  form.addEventListener("input", (event) => {
    const place = event.target.closest("[data-save]");
    if (!place || (event.target.type !== "textarea" && event.target.type !== "url")) return;
    clearTimeout(typing);
    typing = setTimeout(() => save(place.dataset.save), 800);
  });
  form.addEventListener("change", (event) => {
    const place = event.target.closest("[data-save]");
    if (!place) return;
    clearTimeout(typing);
    settle(event.target);
    if (event.target.id === "statement") form.classList.toggle("left-out", event.target.checked);
    save(place.dataset.save);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button.clear");
    if (!button) return;
    event.preventDefault();
    for (const input of choices(button.value)) input.checked = false;
    save(button.value);
    choices(button.value)[0].focus();
  });

  /* The button states the whole page once more; what waits is in it, unless it fails, so it stays kept until answered. */
  window.addEventListener("beforeunload", (event) => {
    if (failures && waiting.size) event.preventDefault();
  });
  window.addEventListener("online", () => [...waiting.keys()].forEach(send));

  /* A page that was closed before everything was saved takes up where it was. */
  function takeUp() {
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem(shelf) || "{}");
    } catch {
      return;
    }
    for (const [name, text] of Object.entries(kept)) {
      if (!part(name)) continue;
      const fields = new URLSearchParams(text);
      const revision = revisionOf(name);
      if (revision && fields.has(revision.name)) revision.value = fields.get(revision.name);
      for (const input of choices(name)) input.checked = fields.getAll(name).includes(input.value);
      for (const input of inputs(name)) {
        if (input.name.endsWith(".note") || input.name.endsWith(".evidence")) input.value = fields.get(input.name) || "";
      }
      waiting.set(name, fields);
      send(name);
    }
  }
  takeUp();
})();
