/* Saves each answer of a dimension's page as it is given.

   One queue per question: a save is sent again, unchanged, until the server has taken or refused it, and only then the
   next one of the same question goes out, based on the revision the server gave. What is not saved yet stays in this
   browser, so that a closed tab or a lost connection loses nothing. Without this script the page's button saves all; and so
   it does when the script cannot: after one failed attempt that follows a press, the plain form goes. */
(() => {
  "use strict";

  const taken = /^#taken-([\w-]+)$/.exec(location.hash);
  const form = document.querySelector("form.answers");
  const status = document.querySelector(".save-state");
  const stepper = document.querySelector(".stepper");
  const shelf = `answers:${location.pathname}`;
  const retryAfter = [1000, 2000, 5000, 10000, 20000];
  const waiting = new Map(); // question -> the fields to save next
  const sent = new Map(); // question -> the save whose fate is not known yet
  const busy = new Set(); // questions with a request under way
  let failures = 0;
  let counted = 0; // how much the counts in the bar know: the sum of the revisions behind them
  let timer = null;
  const carried = new Set(); // questions stated by a plain form that is under way
  const patience = { save: 15000, press: 5000, page: 10000 };
  let pressed = null; // the last button that leads on
  let leaving = null; // the button that was pressed before everything was saved
  let hurry = null; // the timer of that press
  let stayed = false; // a press while the browser knew that it was offline
  let departing = false; // another page is being loaded, perhaps made before the server had what is under way
  const confirmed = new Set(); // questions saved since then
  const seen = new Set(); // what came too late, and whoever sits here was led to it
  const aborts = new Set(); // how to break off the requests under way

  const quoted = (text) => `"${text.replace(/["\\]/g, "\\$&")}"`;
  const part = (name) => form.querySelector(`[data-save=${quoted(name)}]`);
  const inputs = (name) => [...part(name).querySelectorAll("input, textarea")];
  const choices = (name) => inputs(name).filter((input) => input.type === "radio" || input.type === "checkbox");
  const revisionOf = (name) => part(name).querySelector(`[name=${quoted(`${name}.revision`)}]`);
  const unsaved = () => [...new Set([...sent.keys(), ...waiting.keys()])];

  /* In the corner; with the name of a question, as a link to what is said there. */
  function say(kind, text, name) {
    status.className = `save-state is-${kind}`;
    const link = status.querySelector("a");
    if (status.textContent === text && (link ? link.dataset.look : undefined) === name) return;
    status.textContent = name ? "" : text;
    if (!name) return;
    const to = document.createElement("a");
    to.href = `#${part(name).id || choices(name)[0].id}`;
    to.dataset.look = name;
    to.textContent = text;
    status.append(to);
  }

  /* Where a question says that something of it was not saved. */
  const concern = (name) => part(name).querySelector(".lost:not([hidden]), [aria-invalid='true']");
  const concerned = () => [...form.querySelectorAll("[data-save]")].map((place) => place.dataset.save).find(concern);

  function fieldsOf(name) {
    const fields = new URLSearchParams();
    for (const input of inputs(name)) {
      const pick = input.type === "radio" || input.type === "checkbox";
      if (!pick || input.checked) fields.append(input.name, input.value);
    }
    return fields;
  }

  function readShelf(name) {
    try {
      return JSON.parse(localStorage.getItem(name)) || {};
    } catch {
      return {};
    }
  }

  function writeShelf(name, kept) {
    try {
      if (Object.keys(kept).length) localStorage.setItem(name, JSON.stringify(kept));
      else localStorage.removeItem(name);
    } catch {
      /* A browser that keeps nothing still retries while the page is open. */
    }
  }

  /* What the server has not confirmed is kept in this browser until it has; another tab's questions are left alone.
     Marked "carried" it was sent by a plain form, "saved" it was confirmed while another page was being loaded. */
  function keep(name) {
    const kept = readShelf(shelf);
    if (sent.has(name) || waiting.has(name)) {
      kept[name] = [sent.get(name), waiting.get(name)].map((fields) => (fields ? fields.toString() : null));
      if (carried.has(name)) kept[name].push("carried");
    } else if (departing && kept[name]) {
      kept[name][2] = "saved";
      confirmed.add(name);
    } else if (part(name).querySelector("[aria-invalid='true']")) {
      kept[name] = [null, fieldsOf(name).toString()]; // refused: still there, with its message, when the page comes again
    } else delete kept[name];
    writeShelf(shelf, kept);
  }

  /* The server has the plain form of a page: what it carried is kept no more. */
  function forgetCarried(name) {
    const kept = readShelf(name);
    for (const [question, [, , mark]] of Object.entries(kept)) if (mark === "carried") delete kept[question];
    writeShelf(name, kept);
  }

  /* The fields of a save, based on the last revision the server gave. */
  function based(name, fields) {
    const body = new URLSearchParams(fields);
    const revision = revisionOf(name);
    if (revision) body.set(revision.name, revision.value);
    return body;
  }

  function hold(name) {
    carried.delete(name);
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
    if (busy.has(name) || carried.has(name) || !(sent.has(name) || waiting.has(name))) return;
    if (!sent.has(name)) {
      sent.set(name, based(name, waiting.get(name)));
      waiting.delete(name);
      keep(name);
    }
    busy.add(name);
    if (!failures) say("saving", form.dataset.saving);
    const answer = await post(name, sent.get(name));
    busy.delete(name);
    if (answer === null || answer.again) return retry(answer || {});
    failures = 0;
    stayed = false;
    if (answer.refused) return refuse();
    sent.delete(name);
    take(name, answer);
    keep(name);
    sendAll();
    leave();
  }

  /* The server's word on a save; null when there was none, or `again` when it could not save it for now: it is repeated. */
  async function post(name, fields) {
    const body = new URLSearchParams(fields);
    body.set("save", name);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const abort = window.AbortController ? new AbortController() : null;
    aborts.add(abort);
    let timeout;
    const late = new Promise((resolve) => {
      timeout = setTimeout(resolve, patience.save, null);
    });
    const answer = await Promise.race([exchange(body, abort ? { signal: abort.signal } : {}), late]);
    clearTimeout(timeout);
    aborts.delete(abort);
    if (answer === null && abort) abort.abort();
    return answer;
  }

  async function exchange(body, options) {
    try {
      const headers = { Accept: "application/json" };
      const response = await fetch(location.pathname, { method: "POST", body, headers, keepalive: true, ...options });
      const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
      const answer = isJson ? await response.json() : {};
      if (response.status >= 500 || response.status === 429) return { ...answer, again: true };
      return answer.questions || answer.submitted ? answer : { refused: true };
    } catch {
      return null;
    }
  }

  /* A browser that knows it is offline stays at the first press; any other time the plain form tries its own luck. What the
     server said of the failure is told, and it is asked again no sooner than it wants. */
  function retry(said) {
    if (carried.size) return;
    say("failed", said.message || form.dataset.failed);
    if (leaving && (navigator.onLine !== false || stayed)) return go(leaving);
    if (leaving) stayed = true;
    stay();
    if (timer) return;
    timer = setTimeout(() => {
      timer = null;
      sendAll();
    }, Math.max(retryAfter[Math.min(failures, retryAfter.length - 1)], (said.retry_after || 0) * 1000));
    failures += 1;
  }

  /* Not taken and no reason given, as when the cookies are gone: it stays kept, and is sent when the page is reloaded. */
  function refuse() {
    say("failed", form.dataset.reload);
    if (leaving) go(leaving); // the page that answers says what is wrong
  }

  function take(name, answer) {
    if (answer.submitted) {
      waiting.delete(name);
      stay();
      return say("failed", answer.message);
    }
    const stored = answer.questions[name];
    const lost = answer.lost[name];
    if (lost !== undefined && waiting.has(name)) return; // what was chosen since goes out on the same revision
    if (stored) revisionOf(name).value = stored.revision;
    if (lost !== undefined) put(name, stored); // what was saved elsewhere stands: show it, and what was not saved beside it
    showErrors(name, answer.errors);
    showLost(name, answer.errors[name] || lost, answer.errors[name] ? "" : answer.replace[name]);
    if (answer.version >= counted) showProgress(answer.progress, answer.whole);
    counted = Math.max(counted, answer.version); // answers to two saves may cross on their way
    if (!answer.saved) stay();
    const open = concerned();
    if (open) say("failed", form.dataset.look, open);
    else if (!answer.saved) say("failed", form.dataset.refused);
    else if (!unsaved().length) say("saved", savedAt(answer));
  }

  /* When it was saved, in the reader's own zone where the browser can tell it. */
  function savedAt(answer) {
    const time = window.localMoment ? window.localMoment(answer.saved_at, "time") : "";
    return time ? form.dataset.savedAt.replace("{time}", time) : answer.message;
  }

  /* Whoever pressed the button before everything was saved goes on once it is. */
  function leave() {
    if (leaving && !unsaved().length) go(leaving);
  }

  function stay() {
    leaving = null;
    clearTimeout(hurry);
  }

  /* The plain form, as it goes without this script. What was not saved is kept until a page of the server tells that it
     was taken; a save whose fate is not known goes with it, so that it is not taken for somebody else's. */
  function go(button) {
    stay();
    unsaved().forEach((name) => carried.add(name));
    unsaved().forEach(keep);
    const fields = [[button.name, button.value], ...(carried.size ? [["kept", "yes"]] : [])];
    for (const save of sent.values()) fields.push(["sent", save.toString()]);
    form.querySelectorAll("[data-plain]").forEach((input) => input.remove());
    for (const [name, value] of fields.filter(([name]) => name)) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      input.dataset.plain = "";
      form.append(input);
    }
    aborts.forEach((abort) => abort && abort.abort());
    HTMLFormElement.prototype.submit.call(form);
    setTimeout(() => {
      carried.clear();
      sendAll();
    }, patience.page);
  }

  function put(name, stored) {
    for (const input of choices(name)) input.checked = stored.chosen.includes(input.value);
    for (const field of ["note", "evidence"]) {
      const input = form.elements[`${name}.${field}`];
      if (input) write(input, stored[field]);
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

  /* What stands, what came too late, and the button that puts it back. */
  function showLost(name, text, replace) {
    const place = part(name).querySelector(".lost");
    const button = place.querySelector("button");
    place.hidden = !text;
    place.querySelector("p").textContent = text || "";
    button.value = replace || "";
    button.hidden = !replace;
  }

  function clear(button) {
    const name = button.value;
    for (const input of choices(name)) input.checked = false;
    save(name);
    choices(name)[0].focus();
  }

  function replace(button) {
    const name = button.closest("[data-save]").dataset.save;
    show(name, new URLSearchParams(button.value));
    (choices(name).find((input) => input.checked) || choices(name)[0]).focus();
    showLost(name);
    save(name);
  }

  function showProgress(progress, whole) {
    for (const [key, state] of Object.entries(progress)) {
      const step = stepper.querySelector(`[data-dimension=${quoted(key)}]`);
      if (!step) continue;
      step.classList.toggle("done", state.done);
      step.querySelector("progress").value = state.percent;
      stepper.querySelectorAll(`[data-count=${quoted(key)}]`).forEach((place) => (place.textContent = state.count));
    }
    stepper.querySelector("[data-whole]").textContent = whole.count;
    document.querySelector("progress.all").value = whole.percent;
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

  /* The page before, sent as a plain form, was taken. */
  if (taken) {
    forgetCarried(`answers:${location.pathname.replace(/[^/]+\/$/, `${taken[1]}/`)}`);
    history.replaceState(null, "", location.pathname + location.search);
  }
  if (!form) return; // the review has no answers to save

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
    const button = event.target.closest("button");
    if (!button) return;
    const act = { clear, replace }[button.name];
    if (!act) return (pressed = button);
    event.preventDefault();
    act(button);
  });
  status.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    look(link.dataset.look);
  });

  function look(name) {
    const button = part(name).querySelector(".lost:not([hidden]) button:not([hidden])");
    const place = button || part(name).querySelector("[aria-invalid='true']") || choices(name)[0];
    place.focus();
    place.closest("[data-save]").scrollIntoView();
  }

  /* The button states the whole page once more, when nothing is on its way any more that it could contradict. */
  form.addEventListener("submit", (event) => {
    const button = event.submitter || pressed || form.querySelector("button");
    const late = [...form.querySelectorAll(".lost:not([hidden])")].find((place) => !seen.has(place.textContent));
    if (late && !unsaved().length) {
      seen.add(late.textContent); // whoever goes on after this leaves what stands
      event.preventDefault();
      return look(late.closest("[data-save]").dataset.save);
    }
    if (!unsaved().length) return;
    event.preventDefault();
    if (carried.size) return go(button);
    if (!leaving) hurry = setTimeout(() => go(leaving), patience.press);
    leaving = button;
    sendAll();
  });
  window.addEventListener("beforeunload", (event) => {
    if (failures && unsaved().some((name) => !carried.has(name))) event.preventDefault();
    departing = true; // so that a page reloaded meanwhile sends it once more, which changes nothing, and shows it
    setTimeout(() => {
      departing = false;
      confirmed.forEach(keep);
      confirmed.clear();
    }, patience.page);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && carried.size) location.reload();
  });
  window.addEventListener("pagehide", sendAll);
  window.addEventListener("online", sendAll);

  /* A page that was closed before everything was saved takes up where it was. */
  function takeUp() {
    if (form.hasAttribute("data-received")) forgetCarried(shelf);
    for (const [name, [sentText, nextText, mark]] of Object.entries(readShelf(shelf))) {
      if (!part(name)) continue;
      let [under, next] = [sentText, nextText].map((text) => (text === null ? null : new URLSearchParams(text)));
      const isLater = revisionOf(name).value !== (under || next).get(`${name}.revision`);
      const isThere = isLater && stands(name, next || under);
      if (isThere || (isLater && mark === "saved")) {
        keep(name); // the server has had it
        if (isThere) say("saved", form.dataset.saved);
        continue;
      }
      if (isLater && under && next && stands(name, under)) {
        next.set(`${name}.revision`, revisionOf(name).value); // it comes after what the server has had
        under = null;
      }
      show(name, next || under, under || next);
      if (under) sent.set(name, under);
      if (next) waiting.set(name, next);
      send(name);
    }
  }

  /* Whether the page came from the server with just this. */
  function stands(name, fields) {
    const chosen = fields.getAll(name);
    const texts = inputs(name).filter((input) => input.type === "textarea" || input.type === "url");
    return (
      choices(name).every((input) => input.defaultChecked === chosen.includes(input.value)) &&
      texts.every((input) => input.defaultValue === (fields.get(input.name) || "").trim())
    );
  }

  /* Puts fields back into the page; with the revision that the first unsaved choice was based on. */
  function show(name, fields, first = fields) {
    const revision = revisionOf(name);
    if (revision && first.has(revision.name)) revision.value = first.get(revision.name);
    for (const input of choices(name)) input.checked = fields.getAll(name).includes(input.value);
    for (const input of inputs(name)) {
      if (input.name.endsWith(".note") || input.name.endsWith(".evidence")) write(input, fields.get(input.name) || "");
    }
  }

  /* A text that is not empty is seen. */
  function write(input, text) {
    input.value = text;
    const fold = input.closest("details");
    if (text && fold) fold.open = true;
  }

  takeUp();
})();
