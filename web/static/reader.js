"use strict";
// Says in which time zone the reader is, once: a browser sends that to nobody.
(() => {
  if (document.documentElement.dataset.zone) return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || !/^[\w+\/-]{1,64}$/.test(zone)) return;
  document.cookie = `scholarwatch_zone=${zone}; path=/; max-age=31536000; samesite=strict`;
  // Without cookies, the page stays as it is: in UTC, and says so.
  if (document.cookie.includes("scholarwatch_zone=") && zone !== "UTC") location.reload();
})();
