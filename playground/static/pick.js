// Lists to choose several from, and lists whose options the app is asked for.

import { act, busy, toast } from "./talk.js";

// Shows what is chosen, and no longer offers more than the element takes.
export function chosen(pick) {
  const most = Number(pick.dataset.most ?? 0);
  const inputs = [...pick.querySelectorAll(".popup .choice input")];
  const count = inputs.filter((input) => input.checked).length;
  if (most) for (const input of inputs) input.disabled = !input.checked && count >= most;
  const names = inputs.filter((input) => input.checked).map((input) => input.nextElementSibling.firstChild.textContent);
  const summary = pick.querySelector("summary");
  summary.replaceChildren(...names.map((name) => Object.assign(document.createElement("span"), { className: "chip", textContent: name })));
  if (!names.length) summary.textContent = "Choose options";
}

const later = {};
// Asks the app for options as one types.
export function suggest(field, user) {
  const pick = field.closest("[data-element]");
  clearTimeout(later[pick.id]);
  if (field.value.length < Number(field.dataset.least)) return;
  later[pick.id] = setTimeout(async () => {
    const container = JSON.parse(pick.closest("[data-container]").dataset.container);
    const answer = await busy(field, act("options", { user, container, block_id: pick.dataset.block, action_id: pick.dataset.action, query: field.value }));
    if (!answer.ok) {
      toast("The app offered nothing to choose from.");
      return;
    }
    const options = answer.options ?? (answer.option_groups ?? []).flatMap((group) => group.options);
    const kind = pick.dataset.element.startsWith("multi") ? "checkbox" : "radio";
    const kept = new Set([...pick.querySelectorAll(".choice input:checked")].map((input) => input.value));
    pick.querySelector(".found").replaceChildren(...options.filter((one) => !kept.has(one.value)).map((one) => found(pick, one, kind)));
  }, 250);
}

function found(pick, one, kind) {
  const label = document.createElement("label");
  label.className = "choice";
  const input = Object.assign(document.createElement("input"), { type: kind, name: pick.id, value: one.value });
  input.dataset.option = JSON.stringify(one);
  const words = document.createElement("span");
  words.textContent = one.text.text;
  label.append(input, words);
  return label;
}
