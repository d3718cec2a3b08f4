/* Tells times in the reader's own zone; without it they are the site's and name its zone. */
(() => {
  "use strict";

  const locale = document.documentElement.lang === "fr" ? "fr-FR" : "en-GB"; // the day first, 24 hours

  /* A moment such as 2026-11-29T13:03:00Z as `time` or `datetime`; null when the browser cannot tell. */
  window.localMoment = (moment, kind) => {
    try {
      const date = new Date(moment);
      const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
      const time = new Intl.DateTimeFormat(locale, clock).format(date);
      if (kind === "time") return time;
      const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
      return `${day.format(date).replace(/^1 /, locale === "fr-FR" ? "1er " : "1 ")}, ${time}`;
    } catch {
      return null;
    }
  };

  for (const place of document.querySelectorAll("[data-moment]")) {
    const told = window.localMoment(place.dateTime, place.dataset.moment);
    if (told) place.textContent = told;
  }
})();
