// Sends messages one after another, in order, and keeps them when the network or the server is away.

const PAUSES_S = [1, 2, 4, 8, 15];

/**
 * The queue lives in the session, so a reload resends with the same message id and the server
 * answers it once. `events`: sending(item), answered(item, body), waiting(item, error),
 * failed(item, error), refused(item, error).
 */
export class Outbox {
  constructor(session, api, events) {
    this.session = session;
    this.api = api;
    this.events = events;
    this.running = false;
    this.attempts = 0;
    this.wake = null;
  }

  get items() {
    return this.session.state.outbox;
  }

  push(item) {
    this.items.push(item);
    this.session.save();
    this.retry();
  }

  /** Try at once: something new was said, the network is back, or the citizen pressed "Gửi lại". */
  retry() {
    this.attempts = 0;
    if (this.wake) this.wake();
    else this.run();
  }

  async run() {
    if (this.running) return;
    this.running = true;
    try {
      while (this.items.length && (await this.sendFirst()));
    } finally {
      this.running = false;
    }
  }

  /** Returns whether to go on with the queue. */
  async sendFirst() {
    const item = this.items[0];
    const conversation = this.session.state.id;
    this.events.sending(item);
    try {
      const body = await this.api.send(conversation, item);
      if (conversation !== this.session.state.id) return true;
      this.drop(item);
      this.events.answered(item, body);
      return true;
    } catch (error) {
      if (!error.kind) throw error;
      return conversation !== this.session.state.id || this.afterFault(item, error);
    }
  }

  async afterFault(item, error) {
    if (error.kind === "refused") {
      this.drop(item);
      this.events.refused(item, error);
      return true;
    }
    if (error.kind === "busy" && this.attempts >= PAUSES_S.length) {
      this.events.failed(item, error);
      return false;
    }
    this.events.waiting(item, error);
    const pause = PAUSES_S[Math.min(this.attempts, PAUSES_S.length - 1)];
    this.attempts += 1;
    await this.sleep(Math.max(pause, error.retryAfterS));
    return true;
  }

  drop(item) {
    this.attempts = 0;
    this.session.state.outbox = this.items.filter((other) => other !== item);
    this.session.save();
  }

  sleep(seconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake(), seconds * 1000);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
    });
  }
}
