/* Tells the house once that a person touched this page. Crawlers and previews load it, too, and touch nothing. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-seen]");
  var told = false;

  function tell(event) {
    if (told || !event.isTrusted || form.contains(event.target)) return; // its button tells by itself
    told = true;
    var said = new FormData(form);
    said.append("seen", "1");
    var request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.send(said);
  }

  ["pointerdown", "touchstart", "keydown"].forEach(function (kind) {
    document.addEventListener(kind, tell, { passive: true });
  });
})();
