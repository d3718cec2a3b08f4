/* Whoever leaves a page of the administration with words that were not saved is asked whether they want to.

   What a page came with is not unsaved, nor what was typed and taken back; what a form with errors shows is. Without this
   script nobody is asked. */
(() => {
  "use strict";

  const unseen = ["hidden", "submit", "button", "reset", "image"];
  let sent = null; // the form that leads away from here by itself

  const forms = () => [...document.querySelectorAll("#content form[id$=_form]")];

  function isChanged(field) {
    if (!field.name || field.disabled || unseen.includes(field.type) || !("value" in field)) return false;
    if (field.type === "file") return field.files.length > 0;
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (!field.options) return field.value !== field.defaultValue;
    const options = [...field.options];
    const isGiven = options.some((option) => option.defaultSelected); // else a browser chooses the first
    if (!isGiven && !field.multiple) return field.selectedIndex > 0;
    return options.some((option) => option.selected !== option.defaultSelected);
  }

  const isUnsaved = (form) => form.querySelector(".errornote") !== null || [...form.elements].some(isChanged);

  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) sent = event.target;
  });
  document.addEventListener("input", () => {
    sent = null; // the page is still here
  });
  window.addEventListener("pageshow", () => {
    sent = null;
  });
  window.addEventListener("beforeunload", (event) => {
    if (forms().some((form) => form !== sent && isUnsaved(form))) event.preventDefault();
  });
})();
