// A second tap on a button does nothing; what must not happen by accident is asked first; a button
// that has to wait counts down. Pages work without all of this.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (button && button.dataset.sure && !window.confirm(button.dataset.sure)) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post" || "again" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});

// Back from the browser's memory: forms can be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.querySelectorAll("[data-wait]").forEach((button) => {
  const text = button.textContent;
  const until = Date.now() + Number(button.dataset.wait) * 1000;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? button.dataset.waitText.replace("{n}", left) : text;
    if (left > 0) window.setTimeout(tick, 500);
  };
  tick();
});

// A switch takes effect when it is flipped; without scripts there is a button beside it.
document.querySelectorAll("form[data-at-once]").forEach((form) => {
  form.querySelectorAll("button.save").forEach((button) => (button.hidden = true));
  form.addEventListener("change", () => form.requestSubmit());
});

document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
});
