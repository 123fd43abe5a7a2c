// Shows the conversation: messages, choices, links, the state of what is being sent.

import { el, hidden, icon } from "./dom.js";
import { anchor, renderText, safeUrl, words } from "./markup.js";
import { SUGGESTIONS, TEXT } from "./strings.js";

const RATED = ["answered", "life_event_shown", "status_shown", "nothing_found"];
// A choice that names its procedure or life event means the same at any time; any other answers the newest question.
const LASTING = /"(?:procedure_code|life_event)"/;
const KINDS = { status_shown: "status", failed: "fault" };
const STATUS = { waiting: TEXT.waiting, failed: TEXT.failed, lost: TEXT.lost };

function linkList(links, base) {
  const shown = (links || []).map((link) => ({ ...link, href: safeUrl(link.url, base) })).filter((link) => link.href);
  if (!shown.length) return null;
  return el("ul", { class: "links", "aria-label": TEXT.linksLabel }, ...shown.map(({ href, title }) => {
    const file = /\.pdf($|\?)|\/danh-sach$/i.test(href);
    return el("li", null, anchor(href, null, icon(file ? "download" : "external"), title || new URL(href).hostname));
  }));
}

/** `events`: choose({title, payload}), rate(value), retry() what waits, again() what the server failed at. */
export class Transcript {
  constructor(base, events) {
    this.base = base;
    this.events = events;
    this.citizenNodes = new Map();
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": TEXT.log, tabindex: "0" });
    this.working = el("p", { class: "working", role: "status" });
    this.node = el("div", { class: "scroller" }, this.log, this.working);
  }

  /** Draw everything anew; entries that are already there need no announcement. */
  restore(entries) {
    this.log.setAttribute("aria-live", "off");
    for (const node of Array.from(this.log.children)) this.remove(node);
    this.citizenNodes.clear();
    this.welcome();
    for (const entry of entries) this.show(entry);
    this.toEnd();
    this.log.setAttribute("aria-live", "polite");
  }

  welcome() {
    this.log.append(el("div", { class: "welcome" },
      el("p", { class: "welcome-title" }, TEXT.welcomeTitle),
      el("p", null, TEXT.welcome),
      this.choices(SUGGESTIONS, TEXT.suggestionsLabel)));
  }

  show(entry) {
    if (entry.kind === "citizen") this.showCitizen(entry);
    else if (entry.kind === "reply") this.showReply(entry);
    else this.log.append(el("p", { class: "note" }, entry.text));
  }

  showCitizen(entry) {
    this.dropRating();
    const state = el("p", { class: "state" });
    this.log.append(el("div", { class: "message citizen" },
      el("div", { class: "bubble" }, hidden(TEXT.citizenSays), el("p", null, ...words(entry.text))), state));
    this.citizenNodes.set(entry.id, state);
    this.showState(entry);
  }

  showState(entry) {
    const state = this.citizenNodes.get(entry.id);
    if (!state) return;
    state.replaceChildren(STATUS[entry.status] || "");
    if (entry.status === "failed") {
      state.append(" ", this.retryButton(this.events.retry));
    }
  }

  /**
   * `notice`: the first bubble is what every new conversation is told, which need not stand out.
   * `aside`: thanks for a rating, no answer of its own.
   */
  showReply({ reply, pushed, notice, aside }) {
    const { replies = [], outcome } = reply;
    if (!replies.length) return;
    // Disabled at once, the thumb would lose the focus of whoever pressed it.
    if (!aside || this.log.ariaLive === "off") this.dropRating();
    if (!pushed && !aside && outcome !== "failed") this.dropChoices();
    // After the hand-over it is a person who writes, and the citizen must see that.
    const officer = pushed && outcome === "handed_over";
    for (const [index, { text, buttons, links }] of replies.entries()) {
      const allowed = new Set((links || []).map((link) => link.url).filter((url) => safeUrl(url, this.base)));
      const kind = notice && index === 0 ? "notice" : KINDS[outcome] || "";
      this.log.append(el("div", { class: `message assistant ${kind}` },
        el("div", { class: "bubble" },
          pushed ? el("p", { class: "pushed" }, officer ? TEXT.officer : TEXT.pushed) : null,
          hidden(officer ? TEXT.officerSays : TEXT.assistantSays), ...renderText(text || "", allowed), linkList(links, this.base)),
        buttons && buttons.length ? this.choices(buttons, TEXT.optionsLabel) : null));
    }
    if (RATED.includes(outcome) && !pushed) this.log.append(this.rating());
  }

  choices(buttons, label) {
    return el("ul", { class: "choices", "aria-label": label }, ...buttons.map((button) =>
      el("li", { "data-passing": !LASTING.test(button.payload || "") },
        el("button", { type: "button", class: "choice", on: { click: () => this.events.choose(button) } }, button.title))));
  }

  /** After a newer answer a choice like "Thôi, không tra nữa" would be about something else. */
  dropChoices() {
    for (const choice of this.log.querySelectorAll(".message [data-passing]")) this.remove(choice);
  }

  /** Take out what is no longer of use; a focus inside stays in the conversation. */
  remove(node) {
    const focused = node.contains(node.getRootNode().activeElement);
    node.remove();
    if (focused) this.log.focus({ preventScroll: true });
  }

  retryButton(retry) {
    return el("button", { type: "button", class: "retry", on: { click: retry } }, TEXT.retry);
  }

  /** The server could not answer: under what it said about that, offer to send the same message again. */
  offerAgain() {
    const faults = this.log.querySelectorAll(".fault");
    this.again = this.retryButton(this.events.again);
    if (faults.length) faults[faults.length - 1].append(this.again);
  }

  dropAgain() {
    if (this.again) this.remove(this.again);
  }

  dropFault() {
    this.remove(this.again.closest(".fault"));
  }

  rating() {
    const rate = (value) => {
      if (row.querySelector(`[data-value="${value}"]`).getAttribute("aria-pressed") === "true") return;
      for (const button of row.querySelectorAll("button")) {
        button.setAttribute("aria-pressed", String(button.dataset.value === value));
      }
      this.events.rate(value);
    };
    const thumb = (value, label) => el("button", { type: "button", class: "thumb", "data-value": value,
      "aria-pressed": "false", "aria-label": label, title: label, on: { click: () => rate(value) } }, icon(value));
    const row = el("div", { class: "rating", role: "group", "aria-label": TEXT.feedbackLabel },
      thumb("up", TEXT.helpful), thumb("down", TEXT.unhelpful));
    return row;
  }

  /** Only the newest answer can be rated: the server takes a rating for the turn before it. */
  dropRating() {
    const row = this.log.querySelector(".rating");
    if (row && !row.querySelector('[aria-pressed="true"]')) row.remove();
    else if (row) for (const button of row.querySelectorAll("button")) button.disabled = true;
  }

  setWorking(working) {
    this.working.textContent = working ? TEXT.answering : "";
    if (working) this.toEnd();
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
  }

  /** After an answer: the question stays in sight when it can, so that a long answer is read from its start. */
  toLastQuestion() {
    const questions = this.log.querySelectorAll(".citizen");
    const last = questions[questions.length - 1];
    this.node.scrollTop = last ? last.offsetTop - 12 : 0;
  }
}
