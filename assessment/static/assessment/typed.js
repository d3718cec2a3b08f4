/* Keeps what was typed into a page's forms over an interruption, and puts it back when the page is there again.

   An interruption is a change of language, or a page that asks who one is, or says that a form was not taken: such pages
   say so in their head. Any other page means that the form went through, and what was kept of it is dropped.
   It is kept in this tab only, by name of field, without hidden fields, passwords and codes. The questionnaire's pages
   keep their answers by themselves. Without this script a form is as empty as its page. */
(() => {
  "use strict";

  const shelf = "typed";
  const unkept = ["hidden", "password", "file", "submit", "image", "button", "reset"];
  const secret = /^(one-time-code|(current|new)-password)$/; // whatever type a browser shows it as
  const place = document.querySelector("[data-typed]"); // where it is said that something was put back
  const who = place ? place.dataset.who : ""; // the account, when somebody is signed in
  const interrupts = document.querySelector("meta[name=interrupts]") !== null;
  let earlier = {}; // what was sent by the page before this one, which may be the same form with its errors

  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem(shelf));
    } catch {
      return null;
    }
  }

  function keep(stash) {
    try {
      if (stash) sessionStorage.setItem(shelf, JSON.stringify(stash));
      else sessionStorage.removeItem(shelf);
    } catch {
      /* A browser that keeps nothing has nothing to put back. */
    }
  }

  const isPick = (field) => field.type === "radio" || field.type === "checkbox";
  const actionOf = (form) => new URL(form.getAttribute("action") || "", location.href).pathname;

  /* The fields of all forms that count, each under a name of its own that is the same when the page comes again. */
  function fields() {
    const found = new Map();
    for (const form of document.querySelectorAll("form:not(.languages, .answers)")) {
      for (const field of form.elements) {
        if (!field.name || field.name === "code" || unkept.includes(field.type) || field.readOnly) continue;
        if (field.disabled || secret.test(field.autocomplete) || !("value" in field)) continue;
        const name = [actionOf(form), form.id, field.name, isPick(field) ? field.value : ""];
        let number = 0;
        while (found.has([...name, number].join("\n"))) number += 1;
        found.set([...name, number].join("\n"), field);
      }
    }
    return found;
  }

  function valueOf(field) {
    if (isPick(field)) return field.checked;
    if (!field.options) return field.value;
    return [...field.options].filter((option) => option.selected).map((option) => [option.value, option.text]);
  }

  function isChanged(field) {
    if (isPick(field)) return field.checked !== field.defaultChecked;
    if (!field.options) return field.value !== field.defaultValue;
    return [...field.options].some((option) => option.selected !== option.defaultSelected);
  }

  function typed() {
    const wanted = [...fields()].filter(([name, field]) => name in earlier || isChanged(field));
    return Object.fromEntries(wanted.map(([name, field]) => [name, valueOf(field)]));
  }

  /* Tell other scripts, and open what the field is folded into. */
  function put(field, value) {
    if (JSON.stringify(valueOf(field)) === JSON.stringify(value)) return false;
    if (isPick(field)) field.checked = value;
    else if (field.options) choose(field, value);
    else field.value = value;
    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    return true;
  }

  function choose(field, chosen) {
    for (const [value, text] of chosen) {
      const isThere = [...field.options].some((option) => option.value === value);
      if (!isThere && field.classList.contains("admin-autocomplete")) field.add(new Option(text, value));
    }
    for (const option of field.options) option.selected = chosen.some(([value]) => value === option.value);
  }

  /* Put back what has its field here, and take it off the stash; whether anything is different now. */
  function restore(stash) {
    let first = null;
    for (const [name, field] of fields()) {
      if (!(name in stash.fields)) continue;
      if (put(field, stash.fields[name])) first = first || field;
      delete stash.fields[name];
    }
    if (first && stash.interrupted && !interrupts) say(first.form);
  }

  /* The rows that somebody had added to a form of the administration: as many as the fields need that are left. */
  function addRows(stash) {
    for (const name of Object.keys(stash.fields)) {
      const [, , field] = name.split("\n");
      const group = document.getElementById(field.replace(/-\d+-\w+$/, "-group"));
      const add = group && group.querySelector(".add-row a");
      for (let rows = 0; add && rows < 50 && !document.getElementsByName(field).length; rows += 1) add.click();
    }
    restore(stash);
  }

  /* Also where a browser does not know the header that empties its storage. */
  function forget() {
    keep(null);
    try {
      Object.keys(localStorage).filter((name) => name.startsWith("answers:")).forEach((name) => localStorage.removeItem(name));
    } catch {
      /* Nothing is kept where nothing can be. */
    }
  }

  function say(form) {
    if (!place || place.firstChild) return;
    Element.prototype.before.call(form, place); // a field may be called "before"
    place.className = "notice";
    place.append(Object.assign(document.createElement("p"), { textContent: place.dataset.typed }));
  }

  function arrive() {
    const stash = kept();
    if (!stash) return;
    if (interrupts) stash.kept = stash.interrupted = true;
    const isTheirs = !stash.who || !who || stash.who === who;
    if (!stash.kept) earlier = stash.fields;
    else if (isTheirs) restore(stash);
    keep(interrupts ? stash : null);
    const ready = window.django && window.django.jQuery; // its forms are whole only then
    if (ready && stash.kept && isTheirs) ready(() => addRows(stash));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (actionOf(form).endsWith("/logout/")) return keep(null);
    if (actionOf(form).endsWith("/forget/")) return forget();
    if (!form.matches(".languages")) return interrupts || keep({ who, fields: typed() });
    const before = (interrupts && kept()) || { who, fields: {} };
    keep({ ...before, kept: true, fields: { ...before.fields, ...typed() } });
  });
  arrive();
})();
