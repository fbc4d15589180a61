// Product time, ticking between two drawings of the page. The server says what it is; this counts on from there.

let drift = 0;
function readClock() {
  const face = document.getElementById("now");
  drift = Number(face.dataset.unix) * 1000 - performance.now();
}

function tick() {
  const face = document.getElementById("now");
  const { zone, locale } = face.dataset;
  const words = new Intl.DateTimeFormat(locale === "en-US" ? "en-US" : "en-GB", { timeZone: zone, weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }).format(drift + performance.now());
  if (face.textContent !== words) face.textContent = words;
}

export function startClock() {
  readClock();
  new MutationObserver(readClock).observe(document.getElementById("clock"), { subtree: true, attributes: true, attributeFilter: ["data-unix"] });
  setInterval(tick, 1000);
}
