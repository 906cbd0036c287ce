// A second tap on a button does nothing; what must not happen by accident is asked first; a queue
// that nobody is typing in refreshes itself. Pages work without all of this.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (button && button.dataset.sure && !window.confirm(button.dataset.sure)) {
    event.preventDefault();
    return;
  }
  // A file is given as an answer, and the page stays: its form can be sent again.
  if (form.method !== "post" || form.dataset.again) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  window.setTimeout(() => form.querySelectorAll("button").forEach((each) => (each.disabled = true)));
});

// Back from the browser's memory: forms can be sent again; the server knows their keys.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((each) => (each.disabled = false));
  });
});

document.addEventListener("click", (event) => {
  const menu = document.querySelector(".who[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});

const current = document.querySelector(".menu a[aria-current]");
if (current) current.scrollIntoView({ block: "nearest", inline: "center" });

function isBusy(queue) {
  const forms = [...queue.querySelectorAll("input:not([type=hidden]), select")];
  return (
    document.hidden ||
    queue.contains(document.activeElement) ||
    queue.querySelector("details[open], form[data-sent], .code") ||
    forms.some((field) => field.value !== field.defaultValue && field.tagName === "INPUT")
  );
}

const first = document.querySelector("[data-refresh]");
if (first) {
  window.setInterval(() => {
    const queue = document.querySelector("[data-refresh]");
    if (queue && window.htmx && !isBusy(queue)) window.htmx.trigger(queue, "refresh");
  }, Number(first.dataset.refresh) * 1000);
}
