// What the tab remembers from page to page: the conversation, its transcript and what is still to be sent.

const STATE = "mot-cua:conversation";
const PREFERENCES = "mot-cua:preferences";
const KEPT_ENTRIES = 120;

/** A storage that may be blocked by the browser or full: reads give null, writes are dropped. */
export class SafeStorage {
  constructor(pick) {
    this.pick = pick;
  }

  read(key) {
    try {
      return JSON.parse(this.pick().getItem(key));
    } catch (_error) {
      return null;
    }
  }

  write(key, value) {
    try {
      this.pick().setItem(key, JSON.stringify(value));
    } catch (_error) {
      // Private mode or quota: the conversation goes on in memory.
    }
  }
}

export function randomId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * One conversation. Entries: {kind: "citizen", id, text, status?} · {kind: "reply", reply, pushed?, notice?,
 * aside?} · {kind: "note", text}. Outbox items: {message_id, text | payload, secret}; `again`: the one that the server failed
 * at, while it is the newest.
 */
export class Session {
  constructor(tab, device) {
    this.tab = tab;
    this.device = device;
    this.state = { ...this.fresh(), ...tab.read(STATE) };
    this.preferences = device.read(PREFERENCES) || {};
    this.forgetUnsentSecrets();
  }

  fresh() {
    return {
      id: randomId(), entries: [], outbox: [], again: null, outcome: null, noticed: false, open: false,
      unread: 0, cursor: null, seen: [], pushes: true,
    };
  }

  save() {
    const entries = this.state.entries.slice(-KEPT_ENTRIES);
    // Digits of an identity check wait in memory only.
    const outbox = this.state.outbox.filter((item) => !item.secret);
    const again = this.state.again && !this.state.again.secret ? this.state.again : null;
    this.tab.write(STATE, { ...this.state, entries, outbox, again });
  }

  update(changes) {
    Object.assign(this.state, changes);
    this.save();
  }

  prefer(name, value) {
    this.preferences[name] = value;
    this.device.write(PREFERENCES, this.preferences);
  }

  add(entry) {
    this.state.entries.push(entry);
    this.save();
    return entry;
  }

  /** Take the newest fault out: its message is sent again. */
  dropFault() {
    const entries = this.state.entries.slice();
    const place = entries.map(({ reply }) => Boolean(reply) && reply.outcome === "failed").lastIndexOf(true);
    if (place >= 0) entries.splice(place, 1);
    this.update({ entries, again: null });
  }

  /** Forget everything and become a new conversation. */
  restart(kept = {}) {
    this.state = { ...this.fresh(), open: this.state.open, ...kept };
    this.save();
  }

  /** The server has forgotten too: only its answer stays, and what waits to be sent begins the new conversation. */
  restartAfter(answer) {
    const { outbox, entries } = this.state;
    const waiting = new Set(outbox.map((item) => item.message_id));
    this.restart({ outbox, entries: [answer, ...entries.filter((entry) => waiting.has(entry.id))] });
  }

  forgetUnsentSecrets() {
    const queued = new Set(this.state.outbox.map((item) => item.message_id));
    for (const entry of this.state.entries) {
      if (entry.kind === "citizen" && entry.status && !queued.has(entry.id)) entry.status = "lost";
    }
  }
}
