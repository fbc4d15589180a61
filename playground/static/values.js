// Reads what a person entered, as {block_id: {action_id: value}}; the control API turns it into Slack's state.values.

let zone = "UTC";
export function useZone(name) {
  zone = name;
}

export function values(root) {
  const found = {};
  for (const element of root.querySelectorAll("[data-element]")) {
    const value = valueOf(element);
    if (value !== undefined) (found[element.dataset.block] ??= {})[element.dataset.action] = value;
  }
  return found;
}

export function valueOf(element) {
  const kind = element.dataset.element;
  const checked = () => [...element.querySelectorAll("input:checked")];
  if (["button", "overflow", "workflow_button", "feedback_buttons", "icon_button", "file_input"].includes(kind)) return undefined;
  if (kind === "checkboxes") return checked().map((input) => input.value);
  if (kind === "radio_buttons") return checked()[0]?.value ?? null;
  if (kind === "external_select") return option(checked()[0]);
  if (kind === "multi_external_select") return checked().map(option);
  if (kind.startsWith("multi_")) return checked().map((input) => input.value);
  if (kind === "datetimepicker") return element.value ? unixOf(element.value) : null;
  return element.value || null;
}

function option(input) {
  return input ? JSON.parse(input.dataset.option) : null;
}

// The instant of a wall time such as 2026-11-24T09:00 in the reader's own zone, in seconds since 1970.
export function unixOf(wall) {
  const asUtc = Date.parse(`${wall}Z`);
  let guess = asUtc;
  for (let round = 0; round < 2; round += 1) guess = asUtc - offset(guess);
  return Math.floor(guess / 1000);
}

function offset(instant) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  }).formatToParts(instant);
  const part = (name) => Number(parts.find(({ type }) => type === name).value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second")) - instant;
}
