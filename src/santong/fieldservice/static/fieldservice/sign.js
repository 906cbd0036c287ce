// A field to sign in with a finger. Without this the name is written; the form is the same.
"use strict";

document.querySelectorAll("[data-pad]").forEach((pad) => {
  const canvas = pad.querySelector("canvas");
  const form = pad.closest("form");
  const field = form.querySelector("[data-signature]");
  const pen = canvas.getContext("2d");
  let isDown = false;

  function clear() {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    field.value = "";
  }

  function spot(event) {
    const frame = canvas.getBoundingClientRect();
    return [
      ((event.clientX - frame.left) * canvas.width) / frame.width,
      ((event.clientY - frame.top) * canvas.height) / frame.height,
    ];
  }

  canvas.addEventListener("pointerdown", (event) => {
    isDown = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...spot(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!isDown) return;
    pen.lineTo(...spot(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => {
    isDown = false;
    field.value = canvas.toDataURL("image/png");
  });
  pad.querySelector("[data-clear]").addEventListener("click", clear);

  pad.hidden = false;
  clear();
  pen.lineWidth = 4;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#17212b";
});
