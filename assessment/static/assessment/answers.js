/* Saves each answer of a dimension's page as it is given.

   One queue per question: a save is sent again, unchanged, until the server has taken or refused it, and only then the
   next one of the same question goes out, based on the revision the server gave. What is not saved yet stays in this
   browser, so that a closed tab or a lost connection loses nothing. Without this script the page's button saves all. */
(() => {
  "use strict";

  const form = document.querySelector("form.answers");
  const status = document.querySelector(".save-state");
  const stepper = document.querySelector(".stepper");
  const shelf = `answers:${location.pathname}`;
  const retryAfter = [1000, 2000, 5000, 10000, 20000];
  const waiting = new Map(); // question -> the fields to save next
  const sent = new Map(); // question -> the save whose fate is not known yet
  const busy = new Set(); // questions with a request under way
  let failures = 0;
  let timer = null;
  let leaving = null; // the button that was pressed before everything was saved
  let departing = false; // another page is being loaded, perhaps made before the server had what is under way
  const confirmed = new Set(); // questions saved since then

  const part = (name) => form.querySelector(`[data-save="${CSS.escape(name)}"]`);
  const inputs = (name) => [...part(name).querySelectorAll("input, textarea")];
  const choices = (name) => inputs(name).filter((input) => input.type === "radio" || input.type === "checkbox");
  const revisionOf = (name) => part(name).querySelector(`[name="${CSS.escape(name)}.revision"]`);
  const unsaved = () => [...new Set([...sent.keys(), ...waiting.keys()])];

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

  /* What the server has not confirmed is kept in this browser until it has; another tab's questions are left alone. */
  function keep(name) {
    if (departing && !sent.has(name) && !waiting.has(name)) return confirmed.add(name);
    try {
      const kept = JSON.parse(localStorage.getItem(shelf) || "{}");
      delete kept[name];
      if (sent.has(name) || waiting.has(name)) {
        kept[name] = [sent.get(name), waiting.get(name)].map((fields) => (fields ? fields.toString() : null));
      }
      if (Object.keys(kept).length) localStorage.setItem(shelf, JSON.stringify(kept));
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

  function hold(name) {
    waiting.set(name, fieldsOf(name));
    keep(name);
    if (!failures) say("saving", form.dataset.saving);
  }

  function save(name) {
    hold(name);
    send(name);
  }

  const sendAll = () => unsaved().forEach(send);

  async function send(name) {
    if (busy.has(name) || !(sent.has(name) || waiting.has(name))) return;
    if (!sent.has(name)) {
      sent.set(name, based(name, waiting.get(name)));
      waiting.delete(name);
      keep(name);
    }
    busy.add(name);
    if (!failures) say("saving", form.dataset.saving);
    const answer = await post(name, sent.get(name));
    busy.delete(name);
    if (answer === null) return retry();
    failures = 0;
    if (answer.refused) return refuse();
    sent.delete(name);
    take(name, answer);
    keep(name);
    sendAll();
    leave();
  }

  /* The server's word on a save; null when there was none, so that the save has to be repeated. */
  async function post(name, fields) {
    const body = new URLSearchParams(fields);
    body.set("save", name);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
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

  function retry() {
    say("failed", form.dataset.failed);
    leaving = null;
    if (timer) return;
    timer = setTimeout(() => {
      timer = null;
      sendAll();
    }, retryAfter[Math.min(failures, retryAfter.length - 1)]);
    failures += 1;
  }

  /* Not taken and no reason given, as when the cookies are gone: it stays kept, and is sent when the page is reloaded. */
  function refuse() {
    say("failed", form.dataset.reload || form.dataset.refused);
    if (leaving) form.submit(); // the page that answers says what is wrong
  }

  function take(name, answer) {
    if (answer.submitted) {
      waiting.delete(name);
      leaving = null;
      return say("failed", answer.message);
    }
    const stored = answer.questions[name];
    const lost = answer.lost[name];
    if (lost !== undefined && waiting.has(name)) return; // what was chosen since goes out on the same revision
    if (stored) revisionOf(name).value = stored.revision;
    if (lost !== undefined) put(name, stored); // a newer answer stands: show it, and what was not saved beside it
    showErrors(name, answer.errors);
    showLost(name, lost, answer.errors[name]);
    showProgress(answer.progress);
    if (!answer.saved) leaving = null;
    if (!answer.saved) say("failed", form.dataset.refused);
    else if (!unsaved().length) say("saved", savedAt(answer));
  }

  /* When it was saved, in the reader's own zone where the browser can tell it. */
  function savedAt(answer) {
    const time = window.localMoment?.(answer.saved_at, "time");
    return time ? form.dataset.saved.replace("{time}", time) : answer.message;
  }

  /* Whoever pressed the button before everything was saved goes on once it is. */
  function leave() {
    if (!leaving || unsaved().length) return;
    const button = leaving;
    leaving = null;
    form.requestSubmit(button);
  }

  function put(name, stored) {
    for (const input of choices(name)) input.checked = stored.chosen.includes(input.value);
    for (const field of ["note", "evidence"]) {
      const input = form.elements[`${name}.${field}`];
      if (input) input.value = stored[field];
    }
  }

  function showErrors(name, errors) {
    for (const field of ["note", "evidence"]) {
      const place = document.getElementById(`${name}.${field}.error`);
      if (!place) continue;
      const text = errors[`${name}.${field}`] || "";
      place.textContent = text;
      place.hidden = !text;
      const input = form.elements[`${name}.${field}`];
      input.setAttribute("aria-invalid", text ? "true" : "false");
      if (text) input.setAttribute("aria-describedby", place.id);
      else input.removeAttribute("aria-describedby");
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
    hold(place.dataset.save);
    clearTimeout(typing);
    typing = setTimeout(sendAll, 800);
  });
  form.addEventListener("change", (event) => {
    const place = event.target.closest("[data-save]");
    if (!place) return;
    clearTimeout(typing);
    settle(event.target);
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

  /* The button states the whole page once more, when nothing is on its way any more that it could contradict. */
  form.addEventListener("submit", (event) => {
    if (!unsaved().length) return;
    event.preventDefault();
    leaving = event.submitter;
    sendAll();
  });
  window.addEventListener("beforeunload", (event) => {
    if (failures && unsaved().length) event.preventDefault();
    departing = true; // so that a page reloaded meanwhile sends it once more, which changes nothing, and shows it
    setTimeout(() => {
      departing = false;
      confirmed.forEach(keep);
      confirmed.clear();
    }, 10000);
  });
  window.addEventListener("pagehide", sendAll);
  window.addEventListener("online", sendAll);

  /* A page that was closed before everything was saved takes up where it was. */
  function takeUp() {
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem(shelf) || "{}");
    } catch {
      return;
    }
    for (const [name, texts] of Object.entries(kept)) {
      if (!part(name)) continue;
      const [under, next] = texts.map((text) => (text === null ? null : new URLSearchParams(text)));
      show(name, next || under, under || next);
      if (under) sent.set(name, under);
      if (next) waiting.set(name, next);
      send(name);
    }
  }

  /* What was chosen last, on the revision that the first unsaved choice was based on. */
  function show(name, fields, first) {
    const revision = revisionOf(name);
    if (revision && first.has(revision.name)) revision.value = first.get(revision.name);
    for (const input of choices(name)) input.checked = fields.getAll(name).includes(input.value);
    for (const input of inputs(name)) {
      if (input.name.endsWith(".note") || input.name.endsWith(".evidence")) input.value = fields.get(input.name) || "";
    }
  }
  takeUp();
})();
