"use strict";
// A websocket that comes back by itself. It says how it is:
//   connecting, connected, waiting (for `seconds`, until it tries again), stopped.

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
const OPEN_TIMEOUT = 10_000;
const PING_EVERY = 25_000;
const PONG_TIMEOUT = 5_000;

class Connection {
  // `hello()` is what is sent first each time; `onMessage(object)`, `onState(state, seconds)`.
  constructor(url, { hello, onMessage, onState }) {
    this.url = url;
    this.hello = hello;
    this.onMessage = onMessage;
    this.onState = onState;
    this.state = "stopped";
    this.failures = 0;
    // The network is back, or somebody looks at the page again: no time to lose.
    addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
    // The browser knows that the network has gone: ask whether the server has, too.
    addEventListener("offline", () => this.wake());
    // A page that was left may be kept for the way back, frozen, and its socket with it: the others
    // would see somebody who has gone.
    addEventListener("pagehide", () => this.pause());
    addEventListener("pageshow", () => this.wake());
  }

  start() {
    this.failures = 0;
    this.open();
  }

  stop() {
    this.drop();
    this.become("stopped");
  }

  send(object) {
    if (this.state !== "connected") return false;
    this.socket.send(JSON.stringify(object));
    return true;
  }

  wake() {
    if (this.state === "waiting") this.open();
    else if (this.state === "connected") this.ping();
  }

  pause() {
    if (this.state === "stopped") return;
    this.drop();
    this.become("waiting", 1);
  }

  open() {
    this.drop();
    this.become("connecting");
    const socket = (this.socket = new WebSocket(this.url));
    this.deadline = setTimeout(() => this.fail(), OPEN_TIMEOUT);
    socket.onopen = () => socket.send(JSON.stringify(this.hello()));
    socket.onmessage = (event) => this.take(JSON.parse(event.data));
    socket.onclose = () => this.fail();
  }

  take(message) {
    // Whatever comes shows that the server is there.
    this.expectSilence();
    if (message.type === "welcome") {
      this.failures = 0;
      this.become("connected");
    }
    if (message.type !== "pong") this.onMessage(message);
  }

  expectSilence() {
    clearTimeout(this.deadline);
    clearTimeout(this.nextPing);
    this.nextPing = setTimeout(() => this.ping(), PING_EVERY);
  }

  // A connection that was cut without a word looks open for ever, unless it is asked.
  ping() {
    clearTimeout(this.nextPing);
    clearTimeout(this.deadline);
    this.send({ type: "ping" });
    this.deadline = setTimeout(() => this.fail(), PONG_TIMEOUT);
  }

  fail() {
    this.drop();
    const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.failures);
    this.failures += 1;
    // By chance earlier or later, so that not all come back at once when a server starts again.
    const delay = longest * (0.5 + Math.random() / 2);
    this.retryAt = Date.now() + delay;
    this.retry = setTimeout(() => this.open(), delay);
    this.countDown();
  }

  countDown() {
    const seconds = Math.max(1, Math.ceil((this.retryAt - Date.now()) / 1000));
    this.become("waiting", seconds);
    this.tick = setTimeout(() => this.countDown(), 1000);
  }

  // Forgets the socket, which may take its time to notice that it is closed.
  drop() {
    for (const timer of [this.deadline, this.nextPing, this.retry, this.tick]) clearTimeout(timer);
    if (!this.socket) return;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = null;
  }

  become(state, seconds = 0) {
    this.state = state;
    this.onState(state, seconds);
  }
}
