/* A button with data-copy="#id" copies that element's text. Without scripts the text is there to select. */
(function () {
  "use strict";

  // WeChat's older kernels have no navigator.clipboard outside of https.
  function copyBySelection(text) {
    var area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.className = "sr";
    document.body.appendChild(area);
    area.select();
    area.setSelectionRange(0, text.length);
    var done = document.execCommand("copy");
    area.remove();
    return done;
  }

  function say(button) {
    var label = button.querySelector("span") || button;
    var before = label.textContent;
    if (button.classList.contains("is-copied")) return;
    button.classList.add("is-copied");
    label.textContent = button.dataset.done;
    window.setTimeout(function () {
      label.textContent = before;
      button.classList.remove("is-copied");
    }, 1800);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button) return;
    var source = document.querySelector(button.dataset.copy);
    var text = "value" in source ? source.value : source.textContent;
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(function () { say(button); }, function () {
        if (copyBySelection(text)) say(button);
      });
    } else if (copyBySelection(text)) {
      say(button);
    }
  });
})();
