/* Says so when words did not arrive: no network, a busy server, or no longer in the group. */
document.addEventListener("htmx:afterRequest", function (event) {
  "use strict";
  if (!event.detail.elt.matches("form[data-composer]")) return;
  document.querySelector("[data-unsent]").hidden = event.detail.successful;
});
