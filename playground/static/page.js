// The page is drawn by the server. This script asks for it anew when something changed, and carries out what people do.

import { startClock } from "./clock.js";
import { complete, grow, hide, insert, key, send } from "./composer.js";
import { morph } from "./morph.js";
import { chosen, suggest } from "./pick.js";
import { act, ask, busy, toast } from "./talk.js";
import { useZone, valueOf, values } from "./values.js";

const byId = (id) => document.getElementById(id);
const look = {};
const drawn = {};
let newest = null;
let drawing = null;
let again = false;

// --- Drawing -------------------------------------------------------------------------------------------------------

async function draw() {
  if (drawing) {
    again = true;
    return drawing;
  }
  drawing = (async () => {
    do {
      again = false;
      const asked = String(new URLSearchParams(look));
      const answer = await fetch(`/page/regions?${asked}`).then((got) => got.json()).catch(() => null);
      // Someone went elsewhere while this was under way: the answer is about a place already left.
      if (asked !== String(new URLSearchParams(look))) again = true;
      else if (answer) show(answer);
    } while (again);
    drawing = null;
  })();
  return drawing;
}

function show(answer) {
  Object.assign(look, answer.look);
  useZone(answer.zone);
  const content = byId("content");
  const atEnd = content.scrollHeight - content.scrollTop - content.clientHeight < 60;
  for (const [name, html] of Object.entries(answer.regions)) {
    if (drawn[name] === html) continue;
    drawn[name] = html;
    morph(byId(name), html);
  }
  document.title = answer.title;
  document.body.classList.toggle("with-thread", Boolean(look.thread));
  document.body.classList.toggle("reading-home", look.at === "app" && look.tab !== "messages");
  if (answer.newest?.id !== newest?.id || answer.newest?.text !== newest?.text) {
    if (newest !== null && answer.newest && !answer.newest.mine) byId("live").textContent = answer.newest.text;
    if (atEnd) toEnd();
    if (answer.newest && document.visibilityState === "visible") act("act/read", { user: look.user, channel: answer.newest.channel });
  }
  newest = answer.newest ?? {};
  modal();
}

function toEnd() {
  const content = byId("content");
  content.scrollTop = document.body.classList.contains("reading-home") ? 0 : content.scrollHeight;
  const thread = byId("thread-messages");
  if (thread) thread.scrollTop = thread.scrollHeight;
}

let openView = null;
function modal() {
  const dialog = byId("modal");
  const form = dialog.querySelector("form");
  if (!form) {
    if (dialog.open) dialog.close();
    openView = null;
    return;
  }
  if (!dialog.open) dialog.showModal();
  if (form.dataset.view !== openView) {
    openView = form.dataset.view;
    (form.querySelector("[data-focus]") ?? form.querySelector(".modal-body :is(input, textarea, select, button, summary)") ?? form.querySelector("footer button")).focus();
  }
}

let openTab = ""; // the tab of whom the app was last told to be open
async function go(changes, { push = true } = {}) {
  const moved = ["user", "at", "tab"].some((name) => name in changes && changes[name] !== look[name]);
  Object.assign(look, changes, moved && { depth: "" });
  newest = null;
  if (push) history.pushState(null, "", `/?${new URLSearchParams(Object.entries(look).filter(([name, value]) => value && name !== "depth"))}`);
  document.body.classList.remove("with-sidebar");
  await draw();
  toEnd();
  const opened = look.at === "app" && look.tab !== "about" ? `${look.user} ${look.tab}` : "";
  if (opened && opened !== openTab) await act(look.tab === "home" ? "act/home" : "act/messages_tab", { user: look.user });
  openTab = opened;
}

// --- What people do ------------------------------------------------------------------------------------------------

const containerOf = (element) => element.closest("[data-container]");

async function press(element, value) {
  if (element.dataset.confirm && !(await ask(JSON.parse(element.dataset.confirm)))) return;
  const place = containerOf(element);
  if (element.dataset.url) window.open(element.dataset.url, "_blank", "noopener");
  const { block, action } = element.dataset;
  const body = { user: look.user, container: JSON.parse(place.dataset.container), block_id: block, action_id: action, state: values(place) };
  if (value !== undefined) body.value = value;
  const answer = await busy(element, act("act/click", body));
  // An app that did not answer is told about where the click was made; the rest is said here.
  if (answer.refused) told(answer);
}

async function submit(form) {
  const button = form.querySelector("[data-submit]");
  if (!button || button.getAttribute("aria-busy")) return;
  const answer = await busy(button, act("act/submit", { user: look.user, view_id: form.dataset.view, values: values(form) }));
  await draw();
  const wrong = byId("modal").querySelector("[aria-invalid]");
  if (wrong) wrong.focus();
  else if (answer.refused) told(answer);
}

async function moveClock(element, where, otherwise) {
  const answer = await busy(element, act("clock", where));
  if (!answer.ok) toast(otherwise ?? answer.error ?? "The clock did not move.");
}

async function edit(element) {
  const message = element.closest(".message");
  const words = message.querySelector(".words");
  const form = document.createElement("form");
  form.className = "composer editing";
  form.dataset.do = "save-edit";
  const field = document.createElement("textarea");
  field.name = "text";
  field.value = words.dataset.text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  field.setAttribute("aria-label", "Edit message");
  const row = document.createElement("div");
  row.className = "composer-row";
  for (const [label, kind] of [["Cancel", "button"], ["Save", "submit"]]) {
    const button = document.createElement("button");
    button.type = kind;
    button.className = kind === "submit" ? "button primary" : "button";
    button.textContent = label;
    if (kind === "button") button.dataset.do = "cancel-edit";
    row.append(button);
  }
  form.append(field, row);
  words.replaceWith(form);
  field.focus();
  grow(field);
}

function stopEditing(form) {
  form.remove();
  drawn.content = drawn.thread = null;
  return draw();
}

const about = (element) => {
  const { ts, channel } = element.closest(".message").dataset;
  return { user: look.user, channel, ts };
};

const DO = {
  go: (link) => go(Object.fromEntries(["user", "at", "tab", "thread"].map((name) => [name, new URL(link.href).searchParams.get(name) ?? ""]))),
  press: (button) => press(button, button.dataset.value),
  overflow: (item) => {
    const menu = item.closest("details");
    menu.open = false;
    if (item.dataset.url) window.open(item.dataset.url, "_blank", "noopener");
    return press(menu, item.dataset.value);
  },
  react: (button) => act("act/react", { ...about(button), name: button.dataset.name }).then(() => closeMenus()),
  thread: async (button) => {
    await go({ thread: button.dataset.thread });
    byId("thread").querySelector("textarea")?.focus();
  },
  edit,
  "cancel-edit": (element) => stopEditing(element.closest(".editing")),
  "save-edit": async (form) => {
    told(await act("act/edit", { ...about(form), text: form.elements.text.value }));
    stopEditing(form);
  },
  delete: async (button) => {
    const sure = { title: { text: "Delete message" }, text: { text: "Delete this message? This can’t be undone." }, confirm: { text: "Delete" }, deny: { text: "Cancel" }, style: "danger" };
    if (await ask(sure)) await act("act/delete", about(button));
  },
  "message-shortcut": (button) => {
    closeMenus();
    return busy(button, act("act/shortcut", { ...about(button), callback_id: button.dataset.callback })).then(told);
  },
  shortcut: (button) => {
    closeMenus();
    return busy(button, act("act/shortcut", { user: look.user, callback_id: button.dataset.callback })).then(told);
  },
  insert: (item) => {
    closeMenus();
    insert(item.dataset.text);
  },
  say: (form) => send(form, look.user),
  submit,
  "close-modal": (button) => closeModal(button, false),
  "close-all": (button) => closeModal(button, true),
  earlier: () => {
    look.depth = Number(look.depth) + 200;
    return draw();
  },
  "toggle-sidebar": () => document.body.classList.toggle("with-sidebar"),
  "clock-next": (button) => moveClock(button, { next_check_in: look.user }, "No check-in is planned yet."),
  "clock-hour": (button) => moveClock(button, { passing: true, forward: 3600 }),
  "clock-morning": (button) => moveClock(button, { passing: true, to: byId("clock").querySelector("form").elements.to.defaultValue, user: look.user }),
  "clock-pick": (form) => {
    closeMenus();
    return moveClock(form.querySelector("button"), { passing: true, to: form.elements.to.value, user: look.user });
  },
  "start-over": async (button) => {
    const sure = { title: { text: "Start over?" }, text: { text: "This clears every message here and everything the app remembers." }, confirm: { text: "Start over" }, deny: { text: "Keep it" }, style: "danger" };
    if (!(await ask(sure))) return;
    const answer = await busy(button, act("start_over", {}));
    told(answer);
    await go({ at: "app", tab: "", thread: "" });
  },
};

function closeModal(button, everything) {
  const { view } = byId("modal").querySelector("form").dataset;
  return busy(button, act("act/close", { user: look.user, view_id: view, everything }));
}

function told(answer) {
  if (answer.ok) return;
  toast(answer.error === "operation_timeout" ? "The app did not answer. Try again?" : (answer.error ?? "That did not work."));
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

// --- Listening -----------------------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
  if (!event.target.closest("#sidebar, [data-do=toggle-sidebar]")) document.body.classList.remove("with-sidebar");
  const mention = event.target.closest("[data-open]");
  if (mention) {
    event.preventDefault();
    go({ at: mention.dataset.open, tab: "", thread: "" });
    return;
  }
  const element = event.target.closest("[data-do]");
  if (!element || element.nodeName === "FORM" || element.nodeName === "INPUT" || element.getAttribute("aria-busy")) return;
  if (element.nodeName === "A") {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
  }
  DO[element.dataset.do](element);
});

document.addEventListener("submit", (event) => {
  const what = event.target.dataset.do;
  if (!what) return;
  event.preventDefault();
  DO[what](event.target);
});

// Choosing in a message, on Home, or in an input that asks to be told, is an action of its own.
document.addEventListener("change", (event) => {
  if (event.target.dataset.do === "attach") {
    attach(event.target);
    return;
  }
  const element = event.target.closest("[data-element]");
  if (!element || event.target.matches("[data-search]")) return;
  if (element.matches(".pick")) chosen(element);
  const typed = element.matches("input[type=text], input[type=email], input[type=url], input[type=number], textarea");
  if (element.dataset.dispatch !== undefined && !typed) press(element, valueOf(element));
});

document.addEventListener("input", (event) => {
  const { target } = event;
  if (target.matches(".composer textarea")) {
    grow(target);
    complete(target);
  }
  if (target.matches("[data-search]")) suggest(target, look.user);
  if (target.dataset.dispatch?.includes("on_character_entered")) press(target, target.value);
});

document.addEventListener("keydown", (event) => {
  const { target } = event;
  if (target.matches?.(".composer textarea")) {
    if (key(event, target)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      target.form.requestSubmit();
    }
    if (event.key === "Escape" && target.closest(".editing")) stopEditing(target.form);
    return;
  }
  if (event.key === "Enter" && target.dataset?.dispatch?.includes("on_enter_pressed") && target.matches("input")) {
    event.preventDefault();
    press(target, target.value);
  }
  const menu = target.closest?.("details.menu[open]");
  if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp") && !target.matches("input, select")) {
    const items = [...menu.querySelectorAll(".popup :is(button, input)")];
    const step = event.key === "ArrowDown" ? 1 : items.length - 1;
    items[(Math.max(items.indexOf(target), event.key === "ArrowDown" ? -1 : 0) + step) % items.length]?.focus();
    event.preventDefault();
  }
  if (event.key === "Escape") {
    document.body.classList.remove("with-sidebar");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.preventDefault();
    }
  }
});

byId("modal").addEventListener("cancel", (event) => {
  event.preventDefault();
  closeModal(byId("modal").querySelector("header button"), false);
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches("#composer textarea")) setTimeout(hide, 150);
});

addEventListener("popstate", () => {
  readAddress();
  go({}, { push: false });
});
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && draw());

async function attach(input) {
  const [file] = input.files;
  if (!file) return;
  const { channel } = input.form.dataset;
  const answer = await act("act/upload", { user: look.user, channel, name: file.name, text: await file.text() });
  input.value = "";
  told(answer);
}

// --- Beginning -----------------------------------------------------------------------------------------------------

function readAddress() {
  const query = new URLSearchParams(location.search);
  for (const name of ["user", "at", "tab", "thread"]) look[name] = query.get(name) ?? "";
}

readAddress();
startClock();
await go({}, { push: false });
document.documentElement.dataset.ready = "";
const changes = new EventSource("/control/changes");
changes.addEventListener("message", draw);
changes.addEventListener("open", draw);
