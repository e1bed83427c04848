/* Polls with htmx: 3 s while something happens, 30 s when idle, never in a hidden tab, with jitter.

   <div id="stream" data-poll hx-get="…" hx-trigger="poll" hx-swap="beforeend" data-me="42">

   The answer is 204 while nothing is new. Every request carries after=<data-id of the last child>.
   The fragments are rendered once per group, so it is here that one's own messages are marked. */
(function () {
  "use strict";

  var ACTIVE_MS = 3000, IDLE_MS = 30000, AWAKE_MS = 60000, NEAR_PX = 160;
  var awakeUntil = Date.now() + AWAKE_MS;
  var boxes = [];

  function wake() { awakeUntil = Date.now() + AWAKE_MS; }

  function pause(box) {
    var active = Number(box.element.dataset.pollActive) * 1000 || ACTIVE_MS;
    var idle = Number(box.element.dataset.pollIdle) * 1000 || IDLE_MS;
    var base = Date.now() < awakeUntil ? active : idle;
    // Failures double the pause up to a minute, so that a server in need is left alone.
    base = Math.min(base * Math.pow(2, box.failures), Math.max(idle, 60000));
    return base * (0.8 + Math.random() * 0.4);
  }

  function plan(box, delay) {
    window.clearTimeout(box.timer);
    if (document.hidden || !document.contains(box.element)) return;
    box.timer = window.setTimeout(function () { ask(box); }, delay === undefined ? pause(box) : delay);
  }

  function ask(box) {
    if (document.hidden) return;
    plan(box);
    window.htmx.trigger(box.element, "poll");
  }

  function boxOf(element) {
    return boxes.filter(function (box) { return box.element === element; })[0];
  }

  function lastId(element) {
    var ids = Array.prototype.map.call(element.querySelectorAll("[data-id]"), function (child) {
      return Number(child.dataset.id) || 0;
    });
    return ids.length ? Math.max.apply(null, ids) : 0;
  }

  // Sending and polling may both bring the same message: the first one stays.
  function dropRepeats(element) {
    var seen = {};
    Array.prototype.forEach.call(element.querySelectorAll("[data-id]"), function (child) {
      if (seen[child.dataset.id]) child.remove();
      seen[child.dataset.id] = true;
    });
  }

  function markOwn(element) {
    var me = element.dataset.me;
    if (!me) return;
    Array.prototype.forEach.call(element.querySelectorAll("[data-member]"), function (child) {
      child.classList.toggle("is-me", child.dataset.member === me);
    });
  }

  function atBottom() {
    var page = document.documentElement;
    return page.scrollHeight - window.innerHeight - window.pageYOffset < NEAR_PX;
  }

  function toBottom() { window.scrollTo(0, document.documentElement.scrollHeight); }

  function showJump(visible) {
    var button = document.querySelector("[data-jump]");
    if (button) button.hidden = !visible;
  }

  document.addEventListener("DOMContentLoaded", function () {
    Array.prototype.forEach.call(document.querySelectorAll("[data-poll]"), function (element) {
      var box = { element: element, timer: 0, failures: 0, follow: true };
      boxes.push(box);
      markOwn(element);
      plan(box);
    });
    if (document.querySelector("[data-poll][data-me]")) toBottom();
  });

  document.addEventListener("visibilitychange", function () {
    wake();
    boxes.forEach(function (box) { plan(box, document.hidden ? undefined : 200 + Math.random() * 600); });
  });
  ["pointerdown", "touchstart", "keydown"].forEach(function (name) {
    document.addEventListener(name, function () {
      var slept = Date.now() >= awakeUntil;
      wake();
      if (slept) boxes.forEach(function (box) { plan(box); });
    }, { passive: true });
  });
  document.addEventListener("scroll", function () { if (atBottom()) showJump(false); }, { passive: true });
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-jump]")) return;
    toBottom();
    showJump(false);
  });

  document.addEventListener("htmx:configRequest", function (event) {
    if (boxOf(event.target)) event.detail.parameters.after = lastId(event.target);
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    var box = boxOf(event.detail.target);
    if (!box) return;
    box.follow = atBottom() || event.detail.elt.matches("[data-composer]");
    box.last = lastId(box.element);
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    var box = boxOf(event.detail.target);
    if (!box) return;
    wake();
    dropRepeats(box.element);
    markOwn(box.element);
    if (!box.element.dataset.me || lastId(box.element) === box.last) return;
    if (box.follow) toBottom(); else showJump(true);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var box = boxOf(event.detail.elt);
    if (box) {
      box.failures = event.detail.successful ? 0 : Math.min(box.failures + 1, 6);
      if (!event.detail.successful) plan(box);
    }
    if (event.detail.elt.matches("form[data-composer]") && event.detail.successful) {
      event.detail.elt.reset();
    }
  });
})();
