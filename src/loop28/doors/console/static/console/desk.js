/* The keys of the review desk: each presses what carries it as data-key. A decision needs the picture to be shown.
   While the reasons of a "no" stand open, letters are words: none of them approves or leads on. */
(function () {
  "use strict";

  var picture = document.querySelector("[data-picture]");
  var no = document.querySelector(".desk-no");
  var decided = false;

  document.addEventListener("submit", function (event) {
    if (decided) event.preventDefault(); // a second press of the same button
    decided = true;
  });
  window.addEventListener("pageshow", function () { decided = false; });

  function isShown() {
    return !picture || (picture.complete && picture.naturalWidth > 0);
  }

  function reasons() {
    return no && no.open ? no.querySelectorAll("input[type=radio]") : [];
  }

  function choose(number) {
    var reason = reasons()[number - 1];
    if (!reason) return false;
    reason.checked = true;
    no.querySelector("[name=words]").focus();
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
    if (reasons().length && key !== "r") return;
    var there = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (!there || (key === "a" && !isShown())) return;
    event.preventDefault();
    there.click();
    if (reasons().length) reasons()[0].focus();
  });
})();
