/* Shows a picture that was chosen before it is sent, and sends a form once. */
(function () {
  "use strict";

  var field = document.querySelector("input[data-preview]");
  if (!field) return;
  var shown = document.getElementById(field.getAttribute("data-preview"));

  field.addEventListener("change", function () {
    var file = field.files[0];
    shown.hidden = true;
    if (!file) return;
    var reader = new FileReader(); // a data address: the policy of our pages allows no others
    reader.onload = function () {
      shown.src = reader.result;
      shown.hidden = false;
    };
    reader.readAsDataURL(file);
  });

  field.form.addEventListener("submit", function () {
    field.form.querySelector("button").disabled = true;
  });
  window.addEventListener("pageshow", function () {
    field.form.querySelector("button").disabled = false;
  });
})();
