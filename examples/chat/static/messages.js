"use strict";
// The list of messages. Whatever others have written gets into the page as text, never as HTML.

const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/g;
const SAME_SPEAKER_WITHIN = 5 * 60_000;
const MOST_SHOWN = 500;
const COLOURS = 6;

class Messages {
  constructor(list, toEnd) {
    this.list = list;
    this.toEnd = toEnd;
    this.lastId = 0;
    this.pending = new Map(); // by ref: those that the server has not confirmed
    this.sticks = true;
    list.addEventListener("scroll", () => this.onScroll());
    toEnd.addEventListener("click", () => this.scrollToEnd());
    // The end stays in sight when the keyboard of a phone comes up.
    new ResizeObserver(() => this.sticks && this.scrollToEnd()).observe(list);
  }

  // False where it is known already.
  add(message, me) {
    if (message.id <= this.lastId) return false;
    // Ids have no gaps. One is seen by who was away for long, or reads too slowly.
    if (this.lastId && message.id !== this.lastId + 1) this.note("Some messages may be missing here.");
    this.lastId = message.id;
    this.confirm(message.ref);
    this.append(this.item(message.name, message.text, new Date(message.at), message.name === me));
    return true;
  }

  addPending(ref, text, me) {
    const item = this.item(me, text, new Date(), true);
    item.classList.add("pending");
    this.pending.set(ref, item);
    this.append(item);
    this.scrollToEnd();
  }

  confirm(ref) {
    const item = this.pending.get(ref);
    if (!item) return;
    const next = item.nextElementSibling;
    item.remove();
    if (next) this.join(next);
    this.pending.delete(ref);
  }

  note(text) {
    const item = element("li", "note", text);
    this.append(item);
  }

  append(item) {
    const first = this.list.querySelector(".pending");
    // Keeps unsent messages last.
    if (first && !item.classList.contains("pending")) first.before(item);
    else this.list.append(item);
    this.join(item);
    if (item.nextElementSibling) this.join(item.nextElementSibling);
    while (this.list.childElementCount > MOST_SHOWN) this.list.firstElementChild.remove();
    if (this.sticks) this.scrollToEnd();
    else if (!item.classList.contains("note")) this.toEnd.hidden = false;
  }

  // A day begins with its date; what one person says in a row has their name once.
  join(item) {
    const before = item.previousElementSibling;
    if (!item.dataset.at) return;
    const at = Number(item.dataset.at);
    const dated = this.latestDay(before);
    const day = new Date(at).toDateString();
    if (dated !== day && !item.classList.contains("pending")) {
      const line = element("li", "day", dayName(new Date(at)));
      line.dataset.day = day;
      item.before(line);
    }
    const goesOn = item.previousElementSibling?.dataset.name === item.dataset.name
      && at - Number(item.previousElementSibling.dataset.at) < SAME_SPEAKER_WITHIN;
    item.classList.toggle("goes_on", goesOn);
  }

  latestDay(item) {
    for (; item; item = item.previousElementSibling) {
      if (item.dataset.day) return item.dataset.day;
      if (item.dataset.at) return new Date(Number(item.dataset.at)).toDateString();
    }
    return null;
  }

  item(name, text, at, isMine) {
    const item = element("li", isMine ? "message mine" : "message");
    item.dataset.name = name;
    item.dataset.at = at.getTime();
    const head = element("p", "head");
    const author = element("bdi", `author colour${colourOf(name)}`, name);
    const time = element("time", "", at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
    time.dateTime = at.toISOString();
    time.title = at.toLocaleString();
    head.append(author, " ", time);
    const body = element("p", "text");
    body.dir = "auto";
    body.append(...withLinks(text));
    item.append(head, body);
    return item;
  }

  onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.list;
    this.sticks = scrollHeight - scrollTop - clientHeight < 40;
    if (this.sticks) this.toEnd.hidden = true;
  }

  scrollToEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.sticks = true;
    this.toEnd.hidden = true;
  }
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function withLinks(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const link = element("a", "", found[0]);
    link.href = found[0];
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    parts.push(text.slice(end, found.index), link);
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}

function dayName(date) {
  if (date.toDateString() === new Date().toDateString()) return "Today";
  return date.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}

// The same for all who see the name.
function colourOf(name) {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + character.codePointAt(0)) % 9973;
  return sum % COLOURS;
}
