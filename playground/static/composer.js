// Writing: sending, slash commands with completion, growing with the text.

import { act, busy } from "./talk.js";

const commands = JSON.parse(document.getElementById("commands").textContent);

export async function send(form, user) {
  const field = form.elements.text;
  const text = field.value.trim();
  if (!text) return;
  const { channel, thread } = form.dataset;
  form.querySelector(".notice").textContent = "";
  const button = form.querySelector(".send");
  field.value = "";
  grow(field);
  hide();
  const name = text.split(/\s/, 1)[0];
  const answer = name.startsWith("/") ? await command(form, user, name, text) : await busy(button, act("act/say", { user, channel, text, ...(thread && { thread_ts: thread }) }));
  if (answer && !answer.ok) {
    form.querySelector(".notice").textContent = answer.error ?? "That was not sent.";
    if (!field.value) field.value = text;
    grow(field);
  }
}

async function command(form, user, name, text) {
  if (form.dataset.thread) return { ok: false, error: `${name} is not supported in threads. Sorry!` };
  const rest = text.slice(name.length).trim();
  const answer = await busy(form.querySelector(".send"), act("act/command", { user, channel: form.dataset.channel, command: name, text: rest }));
  // What went wrong is said in the conversation, as Slack does.
  return answer.refused ? answer : null;
}

export function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 220)}px`;
}

const list = () => document.getElementById("completions");

export function complete(field) {
  const box = list();
  if (!box || field.getAttribute("role") !== "combobox") return;
  const typed = field.value;
  const matching = typed.startsWith("/") && !/\s/.test(typed) ? commands.filter((known) => known.command.startsWith(typed)) : [];
  const exact = commands.find((known) => typed.startsWith(`${known.command} `));
  if (exact?.usage_hint && typed.trim() === exact.command) matching.push(exact);
  box.replaceChildren(...matching.map(entry));
  box.hidden = matching.length === 0;
  field.setAttribute("aria-expanded", String(!box.hidden));
  if (matching.length) choose(field, 0);
}

function entry(known, index) {
  const item = document.createElement("li");
  item.id = `completion-${index}`;
  item.setAttribute("role", "option");
  item.dataset.do = "insert";
  item.dataset.text = `${known.command} `;
  const name = document.createElement("strong");
  name.textContent = known.command;
  const hint = document.createElement("span");
  hint.className = "faint";
  hint.textContent = known.usage_hint ?? "";
  const words = document.createElement("small");
  words.textContent = known.description ?? "";
  item.append(name, " ", hint, words);
  return item;
}

function choose(field, index) {
  const items = [...list().children];
  items.forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
  field.setAttribute("aria-activedescendant", items[index]?.id ?? "");
}

export function hide() {
  const box = list();
  if (!box) return;
  box.hidden = true;
  const field = box.parentElement.querySelector("textarea");
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

export function insert(text) {
  const field = document.querySelector("#composer textarea");
  if (!field) return;
  field.value = text;
  field.focus();
  grow(field);
  complete(field);
}

// Returns true when the key was for the completion list.
export function key(event, field) {
  const box = list();
  if (!box || box.hidden || !box.parentElement.contains(field)) return false;
  const items = [...box.children];
  const present = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    choose(field, (present + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length);
  } else if (event.key === "Escape") {
    hide();
  } else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) {
    const text = items[present]?.dataset.text;
    if (!text || field.value.startsWith(text.trim() + " ") || (event.key === "Enter" && field.value === text.trim())) return false;
    insert(text);
  } else {
    return false;
  }
  event.preventDefault();
  return true;
}
