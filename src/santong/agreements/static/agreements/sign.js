// A signature that is drawn by finger, pen or mouse. Without it, a name is enough, or a photo.
(() => {
  const form = document.querySelector("[data-sign]");
  if (!form) return;
  const part = form.querySelector("[data-drawing]");
  const pad = part.querySelector("canvas");
  const drawn = part.querySelector("[data-drawn]");
  const pen = pad.getContext("2d");
  let isDown = false;
  let isEmpty = true;

  const clear = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, pad.width, pad.height);
    isEmpty = true;
    drawn.value = "";
  };
  const place = (event) => {
    const box = pad.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * pad.width,
      ((event.clientY - box.top) / box.height) * pad.height,
    ];
  };

  part.hidden = false;
  pen.lineWidth = 4;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#111";
  clear();
  pad.addEventListener("pointerdown", (event) => {
    isDown = true;
    pad.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...place(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (!isDown) return;
    pen.lineTo(...place(event));
    pen.stroke();
    isEmpty = false;
  });
  for (const name of ["pointerup", "pointercancel"]) {
    pad.addEventListener(name, () => {
      isDown = false;
    });
  }
  part.querySelector("[data-clear]").addEventListener("click", clear);
  form.addEventListener("submit", () => {
    drawn.value = isEmpty ? "" : pad.toDataURL("image/png");
  });
})();
