// The control API, and words to the person when something did not go through.

export async function act(what, body) {
  try {
    const answer = await fetch(`/control/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return { refused: !answer.ok, ...(await answer.json()) };
  } catch {
    return { ok: false, refused: true, error: "The playground does not answer. Is it still running?" };
  }
}

// Shows an element as working until `promise` is settled.
export async function busy(element, promise) {
  element?.setAttribute("aria-busy", "true");
  try {
    return await promise;
  } finally {
    element?.removeAttribute("aria-busy");
  }
}

let fading;
export function toast(words) {
  const place = document.getElementById("toast");
  place.textContent = words;
  place.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => (place.hidden = true), 6000);
}

// Slack's confirm object as a dialog: resolves to true when the person agreed.
export function ask({ title, text, confirm, deny, style }) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("h2").textContent = title.text;
  dialog.querySelector(".modal-body").textContent = text.text;
  const [no, yes] = dialog.querySelectorAll("footer button");
  no.textContent = deny.text;
  yes.textContent = confirm.text;
  yes.className = `button ${style ?? "primary"}`;
  dialog.returnValue = "no";
  dialog.showModal();
  yes.focus();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}
