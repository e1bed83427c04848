/* The box in which a playbook is written: line numbers, tab, a jump to a mistake, saving by itself.

   The check and the saving are htmx requests of the form; here is what they need around them. */
(function () {
  "use strict";

  var KEEP_AFTER_MS = 3000;
  var form = document.getElementById("workshop");
  if (!form) return;
  var box = form.querySelector("textarea"), gutter = form.querySelector(".gutter");
  var offline = form.querySelector("[data-offline]");
  var timer = 0, writing = 0, sent = 0, kept = 0, renewed = false;

  // ── Line numbers ────────────────────────────────────────────────────────────────────────────
  var wrong = {}, drawn = "";

  function drawGutter() {
    var count = box.value.split("\n").length, key = count + ":" + Object.keys(wrong).join();
    if (key === drawn) return;
    drawn = key;
    var lines = document.createDocumentFragment();
    for (var number = 1; number <= count; number++) {
      var line = document.createElement("span");
      line.textContent = number + "\n";
      if (wrong[number]) line.className = "is-wrong";
      lines.appendChild(line);
    }
    gutter.replaceChildren(lines);
    follow();
  }

  function follow() { gutter.scrollTop = box.scrollTop; }

  function markWrong() {
    wrong = {};
    Array.prototype.forEach.call(document.querySelectorAll("[data-wrong]"), function (mistake) {
      wrong[mistake.dataset.line] = true;
    });
    drawGutter();
  }

  // ── Keys and jumps ──────────────────────────────────────────────────────────────────────────
  function jump(line, column) {
    var lines = box.value.split("\n"), start = 0;
    for (var number = 0; number < line - 1 && number < lines.length; number++) {
      start += lines[number].length + 1;
    }
    var end = start + (lines[line - 1] || "").length;
    box.focus({ preventScroll: true });
    box.setSelectionRange(Math.min(start + column - 1, end), end);
    var height = parseFloat(window.getComputedStyle(box).lineHeight);
    box.scrollTop = Math.max(0, (line - 1) * height - box.clientHeight / 3);
    box.scrollLeft = 0;
    box.scrollIntoView({ block: "nearest" });
  }

  // Tab indents by two spaces, as playbooks do; after Escape it leaves the box, as everywhere else.
  var leaving = false;

  function onKey(event) {
    if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      keep();
    } else if (event.key === "Tab" && !leaving && !event.shiftKey) {
      event.preventDefault();
      // The one way that keeps the browser's own undo.
      document.execCommand("insertText", false, "  ");
    }
    leaving = event.key === "Escape";
  }

  document.addEventListener("click", function (event) {
    var place = event.target.closest("[data-line]");
    if (place) jump(Number(place.dataset.line), Number(place.dataset.column));
    if (event.target.closest("[data-leave]")) kept = writing;
  });

  // ── Saving ──────────────────────────────────────────────────────────────────────────────────
  function keep() {
    window.clearTimeout(timer);
    window.htmx.trigger(form, "keep");
  }

  box.addEventListener("input", function () {
    writing += 1;
    drawGutter();
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, KEEP_AFTER_MS);
  });
  box.addEventListener("scroll", follow, { passive: true });
  box.addEventListener("keydown", onKey);
  window.addEventListener("beforeunload", function (event) {
    if (kept < writing) event.preventDefault();
  });

  // A sign-in in another window changes the key that forms carry: fetch the new one, once, and send
  // again.
  function renew() {
    renewed = true;
    window.fetch(window.location.href).then(function (answer) { return answer.text(); })
      .then(function (page) {
        var fresh = new DOMParser().parseFromString(page, "text/html")
          .querySelector("[name=csrfmiddlewaretoken]");
        if (!fresh) return;
        Array.prototype.forEach.call(
          document.querySelectorAll("[name=csrfmiddlewaretoken]"),
          function (field) { field.value = fresh.value; }
        );
        keep();
      });
  }

  form.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target === form) sent = writing;
  });
  form.addEventListener("htmx:beforeSwap", function (event) {
    var status = event.detail.xhr.status;
    if (status === 403 && !renewed) { renew(); return; }
    // What is refused is said beside the box, and the text stays in it.
    if (status === 409 || status === 422) event.detail.shouldSwap = true;
  });
  form.addEventListener("htmx:afterRequest", function (event) {
    if (event.target !== form) return;
    offline.hidden = event.detail.xhr.status > 0 && event.detail.xhr.status < 500;
    if (!event.detail.successful) return;
    kept = sent;
    renewed = false;
  });
  form.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id === "findings") markWrong();
  });
  drawGutter();
})();
