// Where the phone is, filled into the field of a check-in. Without this it is typed.
"use strict";

document.querySelectorAll("[data-place]").forEach((form) => {
  const field = form.querySelector("[data-at]");
  if (!field || !navigator.geolocation) return;
  navigator.geolocation.getCurrentPosition(
    (found) => {
      if (field.value) return;
      field.value = `${found.coords.latitude.toFixed(6)}, ${found.coords.longitude.toFixed(6)}`;
    },
    () => {},
    { enableHighAccuracy: true, timeout: 10000 },
  );
});
