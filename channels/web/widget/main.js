// <mot-cua-chat>: the launcher and the chat of a public-service portal, from one script tag.

import { Api } from "./api.js";
import { el, icon } from "./dom.js";
import { Outbox } from "./outbox.js";
import { Panel } from "./panel.js";
import { Pushes } from "./pushes.js";
import { maskSecrets } from "./secrets.js";
import { SafeStorage, Session, randomId } from "./session.js";
import { TEXT } from "./strings.js";
import { Transcript } from "./transcript.js";
import css from "./widget.css";

const TAG = "mot-cua-chat";
const SCRIPT = document.currentScript;
const OPTIONS = SCRIPT ? SCRIPT.dataset : {};
// The script lives at <app>/static/mot-cua.js; the API is beside that folder unless data-api says otherwise.
const BASE = OPTIONS.api
  ? new URL(OPTIONS.api.replace(/\/?$/, "/"), location.href).href
  : new URL("../", SCRIPT ? SCRIPT.src : location.href).href;
// The words that the first notice gives for deleting, with or without marks.
const DELETE = { payload: "/delete_my_data", words: /^xoa (het |toan bo )?du lieu cua (toi|em|anh|chi|minh)\W*$/ };
const HASH = /^#hoi=(\d\.\d{6})$/;

function withoutMarks(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/đ/g, "d");
}

function styleInto(root) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch (_error) {
    // Older Safari: no constructable style sheets.
    root.append(el("link", { rel: "stylesheet", href: new URL("static/mot-cua.css", BASE).href }));
  }
}

class MotCuaChat extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.lang = "vi";
    this.session = new Session(new SafeStorage(() => sessionStorage), new SafeStorage(() => localStorage));
    this.api = new Api(BASE);
    this.outbox = new Outbox(this.session, this.api, {
      sending: (item) => this.setState(item, navigator.onLine ? "sending" : "waiting", navigator.onLine),
      answered: (item, body) => this.answered(item, body),
      waiting: (item, error) => this.waiting(item, error),
      failed: (item) => this.setState(item, "failed", false, TEXT.busy),
      refused: (item, error) => this.setState(item, undefined, false,
        error.status === 413 || error.status === 422 ? TEXT.tooLong : TEXT.refused),
    });
    this.pushes = new Pushes(this.session, this.api, (body) => this.pushed(body));
    this.build();
    window.addEventListener("online", () => this.backOnline());
    window.addEventListener("offline", () => this.panel.setOffline(true));
    window.addEventListener("hashchange", () => this.askFromHash());
    document.addEventListener("click", (event) => this.pageClick(event));
    document.addEventListener("visibilitychange", () => this.listen());
    this.listen();
    this.outbox.run();
    if (this.session.state.open && !this.panel.fullScreen.matches) this.open({ focus: false });
    this.askFromHash();
  }

  build() {
    const root = this.attachShadow({ mode: "open" });
    styleInto(root);
    this.transcript = new Transcript(BASE, {
      choose: (button) => this.say(button.payload ? { payload: button.payload } : { text: button.title }, button.title),
      rate: (value) => this.outbox.push({ message_id: randomId(), payload: `/feedback{"value":"${value}"}` }),
      retry: () => this.outbox.retry(),
      again: () => this.sayAgain(),
    });
    this.panel = new Panel(this.transcript, OPTIONS.name || TEXT.name, this.session.preferences, {
      say: (text) => this.ask(text),
      close: () => this.close(),
      prefer: (name, on) => this.prefer(name, on),
      handover: () => this.say({ payload: "/handover" }, TEXT.handover),
      clear: () => this.clear(),
    });
    this.badge = el("span", { class: "badge", "aria-hidden": "true" });
    this.launcher = el("button", { type: "button", class: "launcher", "aria-haspopup": "dialog",
      on: { click: () => this.open() } }, icon("chat"), el("span", null, TEXT.launcher), this.badge);
    this.frame = el("div", { class: "frame" }, this.launcher, this.panel.node);
    for (const name of ["large", "contrast"]) this.frame.classList.toggle(name, Boolean(this.session.preferences[name]));
    root.append(this.frame);
    this.transcript.restore(this.session.state.entries);
    if (this.session.state.again) this.transcript.offerAgain();
    this.showUnread(this.session.state.unread);
  }

  open({ focus = true } = {}) {
    if (focus) this.returnFocus = document.activeElement;
    this.launcher.hidden = true;
    this.panel.open({ focus });
    this.transcript.toEnd();
    this.session.update({ open: true });
    this.showUnread(0);
    this.panel.setOffline(!navigator.onLine);
  }

  close() {
    this.panel.close();
    this.launcher.hidden = false;
    this.session.update({ open: false });
    const before = this.returnFocus;
    (before && before !== this && before !== document.body && before.isConnected ? before : this.launcher).focus();
  }

  /** Ask a question in the citizen's words; also for the page's own scripts. */
  ask(text) {
    this.say({ text }, text);
  }

  say(said, shown) {
    const id = randomId();
    const text = maskSecrets(shown, this.session.state.outcome === "status_asked");
    this.session.update({ again: null });
    this.transcript.dropAgain();
    this.transcript.show(this.session.add({ kind: "citizen", id, text, status: "waiting" }));
    this.transcript.toEnd();
    this.outbox.push({ message_id: id, ...said, secret: text !== shown });
  }

  answered(item, body) {
    this.setState(item, undefined, this.outbox.items.length > 0);
    this.panel.setOffline(false);
    const answered = body.outcome !== "failed";
    const notice = answered && !this.session.state.noticed && body.replies.length > 1;
    const aside = Boolean(item.payload && item.payload.startsWith("/feedback"));
    const entry = { kind: "reply", reply: body, notice, aside };
    if (this.wasForgotten(item, body)) {
      this.forget(entry);
      return;
    }
    this.session.add(entry);
    this.session.update({ noticed: notice || this.session.state.noticed, again: answered ? null : item });
    // What the assistant had asked before a fault still stands.
    if (answered) this.session.update({ outcome: body.outcome });
    this.transcript.dropAgain();
    this.transcript.show(entry);
    if (!answered) this.transcript.offerAgain();
    if (aside) this.transcript.toEnd();
    else this.transcript.toLastQuestion();
    this.countUnread(body);
    this.listen();
  }

  /** Send the message that the server failed at once more, under its own id: it is no second question. */
  sayAgain() {
    const item = this.session.state.again;
    this.transcript.dropFault();
    this.session.dropFault();
    this.outbox.push(item);
  }

  /** A server that says nothing about forgetting has forgotten when it understood the wish. */
  wasForgotten(item, body) {
    const wished = item.payload ? item.payload === DELETE.payload : DELETE.words.test(withoutMarks(item.text));
    return body.forgotten ?? (wished && body.outcome === "small_talk");
  }

  /** The server holds nothing of this conversation any more, so this computer must not either. */
  forget(entry) {
    this.pushes.stop();
    this.session.restartAfter(entry);
    this.transcript.restore([]);
    for (const kept of this.session.state.entries) this.transcript.show(kept);
  }

  /** A tab in the background holds no connection open; what was missed comes when it is looked at again. */
  listen() {
    if (document.hidden) this.pushes.stop();
    else if (this.session.state.outcome) this.pushes.start();
  }

  pushed(body) {
    this.transcript.show(this.session.add({ kind: "reply", reply: body, pushed: true }));
    if (body.outcome) this.session.update({ outcome: body.outcome });
    this.transcript.toEnd();
    this.countUnread(body);
  }

  waiting(item, error) {
    const offline = error.kind === "network";
    this.panel.setOffline(offline);
    this.setState(item, "waiting", !offline, error.status === 429 ? TEXT.tooFast : null);
  }

  /** Show how a message fares; a note is said once, under it. */
  setState(item, status, working, note) {
    const entry = this.session.state.entries.find((other) => other.id === item.message_id);
    if (entry) {
      if (note && entry.note !== note) this.transcript.show(this.session.add({ kind: "note", text: note }));
      entry.status = status;
      entry.note = note || entry.note;
      this.session.save();
      this.transcript.showState(entry);
    }
    this.transcript.setWorking(working);
  }

  backOnline() {
    this.panel.setOffline(false);
    this.outbox.retry();
  }

  countUnread(body) {
    if (this.panel.node.hidden) this.showUnread(this.session.state.unread + (body.replies || []).length);
  }

  showUnread(count) {
    this.session.update({ unread: count });
    this.badge.textContent = count ? String(count) : "";
    this.launcher.setAttribute("aria-label", count ? TEXT.launcherUnread(count) : TEXT.launcherLabel);
  }

  prefer(name, on) {
    this.frame.classList.toggle(name, on);
    this.session.prefer(name, on);
  }

  clear() {
    this.pushes.stop();
    this.session.restart();
    this.transcript.setWorking(false);
    this.transcript.restore([]);
    this.transcript.show({ kind: "note", text: TEXT.cleared });
  }

  /** Page links with data-mot-cua-ask="câu hỏi" open the chat; without scripts they stay ordinary links. */
  pageClick(event) {
    const link = event.target instanceof Element && event.target.closest("[data-mot-cua-ask]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.open();
    this.returnFocus = link;
    if (link.dataset.motCuaAsk) this.ask(link.dataset.motCuaAsk);
  }

  /** A checklist's QR code ends in #hoi=<procedure code>: open the chat at that procedure. */
  askFromHash() {
    const match = HASH.exec(location.hash);
    if (!match) return;
    history.replaceState(history.state, "", location.pathname + location.search);
    this.open();
    this.say({ payload: `/choose_procedure{"procedure_code":"${match[1]}"}` }, `Thủ tục ${match[1]}`);
  }
}

if (!customElements.get(TAG)) {
  customElements.define(TAG, MotCuaChat);
  const start = () => {
    if (!document.querySelector(TAG)) document.body.append(document.createElement(TAG));
    performance.mark("mot-cua-ready");
  };
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
}
