/* The keys of the review desk: each presses what carries it as data-key. A decision needs the picture to be shown. */
(function () {
  "use strict";

  var picture = document.querySelector("[data-picture]");
  var decided = false;

  document.addEventListener("submit", function (event) {
    if (decided) event.preventDefault(); // a second press of the same button
    decided = true;
  });
  window.addEventListener("pageshow", function () { decided = false; });

  function isShown() {
    return !picture || (picture.complete && picture.naturalWidth > 0);
  }

  function choose(number) {
    var reasons = document.querySelectorAll(".desk-no[open] input[type=radio]");
    if (!reasons[number - 1]) return false;
    reasons[number - 1].checked = true;
    reasons[number - 1].focus();
    return true;
  }

  document.addEventListener("keydown", function (event) {
    var key = event.key.toLowerCase(), at = event.target;
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (at.matches("input:not([type=radio]), textarea, select")) return;
    if (/^[1-9]$/.test(key)) {
      if (choose(Number(key))) event.preventDefault();
      return;
    }
    var there = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (!there || (key === "a" && !isShown())) return;
    event.preventDefault();
    there.click();
    if (key === "r") choose(1);
  });
})();
