/* What improvements would give, at each tick: asked of the server, which computes it as the report was. The last one counts.
   What is chosen stays in the page's address. Without this script, and whenever it fails, the form's button does the same. */
(() => {
  "use strict";

  const form = document.querySelector("form.what-if");
  const outcome = document.querySelector(".outcome");
  if (!form || !window.fetch || !window.AbortController) return;
  const calm = 250; // milliseconds without a further tick
  const patience = 10000;
  const plain = form.querySelector("[data-plain]");
  const failed = outcome.querySelector("[data-failed]");
  let timer;
  let asking = null; // how to break off the request under way
  let shown = chosen((field) => field.defaultChecked, (option) => option.defaultSelected);

  function chosen(isTicked, isSelected) {
    const fields = new URLSearchParams({ tried: "1" });
    for (const field of form.elements) {
      if (field.type === "checkbox" && isTicked(field)) fields.append(field.name, field.value);
      if (!field.options) continue;
      const option = [...field.options].find(isSelected);
      if (option && option.value) fields.append(field.name, option.value);
    }
    return fields.toString();
  }

  const now = () => chosen((field) => field.checked, (option) => option.selected);

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, calm);
  }

  async function ask() {
    const wanted = now();
    if (asking) asking.abort();
    asking = null;
    if (wanted === shown) return settle();
    const own = new AbortController();
    asking = own;
    outcome.setAttribute("aria-busy", "true");
    const late = setTimeout(() => own.abort(), patience);
    const answer = await exchange(wanted, own.signal);
    clearTimeout(late);
    if (asking !== own) return; // a later tick has asked since
    asking = null;
    if (!answer.dimensions) return fail(answer.message);
    show(answer);
    shown = wanted;
    history.replaceState(null, "", `?${wanted}`);
    settle();
  }

  async function exchange(wanted, signal) {
    try {
      const response = await fetch(`${form.dataset.outcome}?${wanted}`, { signal, headers: { Accept: "application/json" } });
      const answer = await response.json();
      return response.ok || response.status === 429 ? answer : {};
    } catch {
      return {};
    }
  }

  /* What is shown is what is chosen. */
  function settle() {
    outcome.removeAttribute("aria-busy");
    failed.hidden = true;
    plain.hidden = true;
  }

  function fail(message) {
    outcome.removeAttribute("aria-busy");
    failed.textContent = message || form.dataset.failed;
    failed.hidden = false;
    plain.hidden = false;
  }

  function show(answer) {
    for (const [name, text] of Object.entries(answer.whole)) outcome.querySelector(`[data-then="${name}"]`).textContent = text;
    for (const part of answer.dimensions) {
      const row = outcome.querySelector(`[data-dimension="${part.key}"]`);
      row.classList.toggle("moved", part.moved);
      row.querySelector("[data-then]").textContent = part.then;
      const bar = row.querySelector(".would");
      if (bar) bar.setAttribute("width", part.reaches);
    }
    const said = outcome.querySelector("[data-said]");
    if (said.textContent !== answer.said) said.textContent = answer.said;
    for (const image of document.querySelectorAll(".chart-radar")) {
      image.src = answer.chart[image.classList.contains("on-dark") ? "dark" : "light"];
      image.alt = answer.alt;
    }
    for (const notice of document.querySelectorAll("[data-once]")) notice.remove();
  }

  plain.hidden = true;
  form.addEventListener("change", later);
  window.addEventListener("online", later);
  window.addEventListener("pageshow", later); // a browser that goes back puts its own ticks in
})();
