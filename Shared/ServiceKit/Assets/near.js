// "Near me" of the portal: asks the browser for the position once, rounds it to some hundred metres and opens the list.
// Without it, or when the reader says no, everything can still be found by name, district and map.
"use strict";
(() => {
  const button = document.querySelector("[data-near]");
  if (!button || !navigator.geolocation) return;
  const status = document.getElementById(button.getAttribute("aria-describedby"));
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    status.textContent = button.dataset.waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => location.assign(`${button.dataset.near}?near=${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`),
      () => {
        button.disabled = false;
        status.textContent = button.dataset.failed;
      },
      { timeout: 15000, maximumAge: 600000 },
    );
  });
})();
