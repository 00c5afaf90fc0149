"use strict";
// A room: who one is, what one writes, and what the connection is doing.

const room = document.body.dataset.room;
const byId = (id) => document.getElementById(id);
const messages = new Messages(byId("messages"), byId("to_end"));
const title = document.title;
const MOST_WAITING = 10;
let me = null;
let people = [];
let unread = 0;

// --- What the browser remembers: the name for all rooms; in this tab, what was not sent yet.

function recall(storage, key) {
  try {
    return window[storage].getItem(`chat.${key}`);
  } catch {
    return null; // storage is switched off
  }
}

function remember(storage, key, value) {
  try {
    if (value) window[storage].setItem(`chat.${key}`, value);
    else window[storage].removeItem(`chat.${key}`);
  } catch {}
}

function randomText() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Says to the server that several tabs, or a connection and the one that replaces it, are one person.
const key = recall("localStorage", "key") ?? randomText();
remember("localStorage", "key", key);

const outbox = JSON.parse(recall("sessionStorage", `outbox.${room}`) ?? "[]");
byId("text").value = recall("sessionStorage", `draft.${room}`) ?? "";

function keepUnsent() {
  remember("sessionStorage", `outbox.${room}`, outbox.length ? JSON.stringify(outbox) : null);
  remember("sessionStorage", `draft.${room}`, byId("text").value);
}

// --- The connection

const address = new URL(document.body.dataset.socket, location.href);
address.protocol = location.protocol === "https:" ? "wss:" : "ws:";

const connection = new Connection(address, {
  hello: () => ({ type: "join", name: me, key, since: messages.lastId }),
  onMessage: (message) => (handlers[message.type] ?? (() => {}))(message),
  onState: showState,
});

const handlers = {
  welcome(message) {
    const isBack = messages.lastId > 0;
    me = message.you;
    remember("sessionStorage", `name.${room}`, me);
    remember("localStorage", "name", me);
    showPeople(message.people);
    if (byId("talk").hidden) showTalk();
    message.history.forEach((said) => messages.add(said, me) && isBack && countUnread(said));
    // Does not send again the messages that the history already has.
    outbox.filter(({ ref }) => !confirmSent(message.history, ref)).forEach(post);
    showNotice("");
  },
  message(message) {
    if (messages.add(message, me)) countUnread(message);
    confirmSent([message], message.ref);
  },
  joined(message) {
    messages.note(`${message.name} has come in`);
    showPeople(message.people);
  },
  left(message) {
    messages.note(`${message.name} has left`);
    showPeople(message.people);
  },
  error(message) {
    if (connection.state !== "connected") refuseEntry(message.text);
    else giveBack(message);
  },
};

// Not let in: another try with the same name would not help.
function refuseEntry(text) {
  connection.stop();
  showEntry(text);
}

const STATES = { connecting: "Connecting", connected: "Connected", waiting: "Reconnecting", stopped: "" };

function showState(state, seconds) {
  document.body.dataset.connection = state;
  const isOffline = state === "waiting" && !navigator.onLine;
  const text = isOffline ? "Offline" : STATES[state];
  byId("state").hidden = state === "stopped";
  byId("state").dataset.state = isOffline ? "offline" : state;
  // Read out when it changes; the seconds are only shown.
  if (byId("state_text").textContent !== text) byId("state_text").textContent = text;
  byId("countdown").textContent = state === "waiting" && !isOffline ? ` in ${seconds} s` : "";
  byId("retry").hidden = state !== "waiting";
}

byId("retry").addEventListener("click", () => connection.wake());

// --- Coming in

function showEntry(error = "") {
  byId("talk").hidden = byId("people_button").hidden = true;
  byId("entry").hidden = false;
  byId("entry_error").textContent = error;
  byId("entry_error").hidden = !error;
  byId("name").value = me ?? recall("localStorage", "name") ?? "";
  byId("name").focus();
  byId("name").select();
}

function showTalk() {
  byId("entry").hidden = true;
  byId("talk").hidden = byId("people_button").hidden = false;
  messages.scrollToEnd();
  fitText();
  byId("text").focus();
}

function enter(name) {
  me = name;
  byId("entry_error").hidden = true;
  connection.start();
}

byId("entry_form").addEventListener("submit", (event) => {
  event.preventDefault();
  enter(byId("name").value);
});

byId("rename").addEventListener("click", () => {
  connection.stop();
  remember("sessionStorage", `name.${room}`, null);
  showEntry();
});

// --- Who is there

function showPeople(names) {
  people = names;
  byId("people_count").textContent = names.length;
  byId("people_list").replaceChildren(...names.map((name) => {
    const item = element("li");
    item.append(element("bdi", `author colour${colourOf(name)}`, name));
    if (name === me) item.append(element("span", "hint", " (you)"));
    return item;
  }));
}

byId("people_button").addEventListener("click", () => {
  const isOpen = byId("talk").classList.toggle("with_people");
  byId("people_button").setAttribute("aria-expanded", isOpen);
});

// --- Writing

function post({ ref, text }) {
  if (!messages.pending.has(ref)) messages.addPending(ref, text, me);
  connection.send({ type: "message", text, ref });
}

// Returns whether the server knows the message, which then leaves the outbox.
function confirmSent(known, ref) {
  const index = outbox.findIndex((waiting) => waiting.ref === ref);
  if (index < 0 || !known.some((said) => said.ref === ref)) return false;
  outbox.splice(index, 1);
  keepUnsent();
  return true;
}

// A message that was refused goes back to where it can be changed, before what is there by now.
function giveBack({ ref, text }) {
  showNotice(text);
  const index = outbox.findIndex((waiting) => waiting.ref === ref);
  if (index < 0) return;
  const [refused] = outbox.splice(index, 1);
  messages.confirm(ref);
  byId("text").value = [refused.text, byId("text").value].filter(Boolean).join("\n");
  keepUnsent();
  fitText();
}

function say() {
  const text = byId("text").value.trim();
  if (!text) return;
  if (outbox.length >= MOST_WAITING) {
    showNotice("Several messages are waiting to be sent. This one stays here until they have left.");
    return;
  }
  byId("text").value = "";
  const message = { ref: randomText(), text };
  outbox.push(message);
  keepUnsent();
  showNotice("");
  post(message);
  fitText();
}

function showNotice(text) {
  byId("notice").textContent = text;
  byId("notice").hidden = !text;
}

function fitText() {
  const area = byId("text");
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
  const left = area.maxLength - area.value.length;
  byId("left").textContent = left < 200 ? `${left} characters left` : "";
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  say();
  byId("text").focus();
});

byId("text").addEventListener("keydown", (event) => {
  // Enter that ends the input of a Chinese or Japanese word is not meant for us.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  say();
});

byId("text").addEventListener("input", () => {
  keepUnsent();
  fitText();
});

// --- The number of unread messages, in the tab's title

function countUnread(message) {
  if (!document.hidden || message.name === me) return;
  unread += 1;
  document.title = `(${unread}) ${title}`;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unread = 0;
  document.title = title;
});

// A tab that was in the room, and was loaded again, goes back in; a new one asks for the name.
const nameHere = recall("sessionStorage", `name.${room}`);
if (nameHere) enter(nameHere);
else showEntry();
