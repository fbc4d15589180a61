// Changes a piece of the page into its new HTML while keeping what is in use: focus, typed text, scroll, open menus.

const OURS = new Set(["aria-busy", "open", "data-open-menu"]); // set by the script or by the reader, never by the server

export function morph(region, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  children(region, template.content);
}

function children(old, wanted) {
  const keyed = new Map();
  for (const node of old.children) if (node.id) keyed.set(node.id, node);
  let present = old.firstChild;
  for (const node of [...wanted.childNodes]) {
    const match = node.id ? keyed.get(node.id) : alike(present, node) ? present : null;
    if (match && match.nodeName === node.nodeName) {
      if (match !== present) old.insertBefore(match, present);
      else present = present.nextSibling;
      update(match, node);
    } else {
      old.insertBefore(node, present);
    }
  }
  while (present) {
    const next = present.nextSibling;
    present.remove();
    present = next;
  }
}

function alike(present, node) {
  return present && present.nodeName === node.nodeName && !present.id;
}

function update(old, wanted) {
  if (old.isEqualNode(wanted)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== wanted.nodeValue) old.nodeValue = wanted.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!wanted.hasAttribute(name) && !OURS.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (old.getAttribute(name) !== value && !(OURS.has(name) && old.nodeName === "DETAILS")) old.setAttribute(name, value);
  }
  // Nor is a message that is being edited changed under one's hands.
  if (old.nodeName === "ARTICLE" && old.querySelector(".editing")) return;
  // What a person is choosing in an open list is theirs until they close it.
  if (old.matches("details[open].pick") && old.contains(document.activeElement)) return;
  if (old.nodeName !== "TEXTAREA") children(old, wanted);
}
