/* A search over a list of boxes, and how many are ticked. Without this the list is scrolled by hand. */
(function () {
  "use strict";

  document.querySelectorAll("[data-picker]").forEach(function (picker) {
    var find = picker.querySelector("[data-picker-find]");
    var chosen = picker.querySelector("[data-picker-chosen]");
    var none = picker.querySelector("[data-picker-none]");
    var labels = Array.prototype.slice.call(picker.querySelectorAll("label"));

    find.hidden = false;
    find.addEventListener("input", function () {
      var wanted = find.value.trim().toLowerCase();
      var shown = labels.filter(function (label) {
        label.hidden = label.textContent.toLowerCase().indexOf(wanted) < 0;
        return !label.hidden;
      });
      none.hidden = shown.length > 0;
    });
    find.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && !event.isComposing) event.preventDefault(); // it looks for names, it sends nothing
    });
    picker.addEventListener("change", function () {
      chosen.textContent = picker.querySelectorAll("input:checked").length;
    });
  });
})();
