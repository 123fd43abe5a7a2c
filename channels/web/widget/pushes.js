// Receives messages that nobody asked for just now (a changed application, an officer): events, else polling.

import { ApiError } from "./api.js";

const OPEN_WITHIN_MS = 15000;
const POLL_MS = 20000;
const POLL_WITH_OFFICER_MS = 5000;
const ABSENT = [404, 405, 410, 501];

export class Pushes {
  constructor(session, api, onMessage) {
    this.session = session;
    this.api = api;
    this.onMessage = onMessage;
    this.listening = false;
    this.source = null;
    this.timer = null;
  }

  /** Begin listening; does nothing when already listening or when the server is known to push nothing. */
  start() {
    const { id, cursor, pushes } = this.session.state;
    if (this.listening || !pushes) return;
    this.listening = true;
    if (!window.EventSource) {
      this.schedule();
      return;
    }
    const source = new EventSource(this.api.eventsUrl(id, cursor));
    this.source = source;
    this.timer = setTimeout(() => this.fallBack(source), OPEN_WITHIN_MS);
    source.addEventListener("open", () => clearTimeout(this.timer));
    source.addEventListener("message", (event) => this.receive(event.lastEventId, JSON.parse(event.data)));
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) this.fallBack(source);
    });
  }

  stop() {
    if (this.source) this.source.close();
    clearTimeout(this.timer);
    this.source = null;
    this.listening = false;
  }

  fallBack(source) {
    if (source !== this.source) return;
    clearTimeout(this.timer);
    source.close();
    this.source = null;
    this.poll();
  }

  schedule() {
    const pause = this.session.state.outcome === "handed_over" ? POLL_WITH_OFFICER_MS : POLL_MS;
    this.timer = setTimeout(() => this.poll(), pause);
  }

  async poll() {
    const { id, cursor } = this.session.state;
    const current = () => this.listening && id === this.session.state.id;
    try {
      const body = await this.api.poll(id, cursor);
      if (!current()) return;
      if (!body) throw new ApiError("refused", 404, 0);
      for (const event of body.events || []) this.receive(String(event.id), event);
    } catch (error) {
      if (!current()) return;
      if (ABSENT.includes(error.status)) {
        this.listening = false;
        this.session.update({ pushes: false });
        return;
      }
    }
    this.schedule();
  }

  /** Each event once, also when events and polling overlap. */
  receive(id, body) {
    const seen = this.session.state.seen;
    if (id && seen.includes(id)) return;
    if (id) this.session.update({ cursor: id, seen: [...seen, id].slice(-50) });
    this.onMessage(body);
  }
}
