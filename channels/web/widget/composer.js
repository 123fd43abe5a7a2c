// The box where the citizen writes or speaks.

import { el, icon, iconButton } from "./dom.js";
import { TEXT } from "./strings.js";
import { Voice, voiceOffered } from "./voice.js";

const MAX_CHARACTERS = 1000;
const WARN_BELOW = 100;
const MAX_ROWS = 5;

/** `onSay(text)` receives what was written, trimmed and never empty. */
export class Composer {
  constructor(onSay) {
    this.onSay = onSay;
    this.box = el("textarea", { rows: "1", maxlength: MAX_CHARACTERS, "aria-label": TEXT.inputLabel,
      placeholder: TEXT.inputHint, autocomplete: "off", enterkeyhint: "send", lang: "vi",
      on: { input: () => this.resize(), keydown: (event) => this.keyDown(event) } });
    this.hint = el("p", { class: "hint", role: "status" });
    this.mic = voiceOffered ? this.buildMic() : null;
    this.node = el("form", { class: "composer", on: { submit: (event) => this.submit(event) } },
      this.hint,
      el("div", { class: "composer-row" }, this.box, this.mic,
        el("button", { type: "submit", class: "icon-button send", "aria-label": TEXT.send, title: TEXT.send },
          icon("send"))),
      el("p", { class: "caution" }, TEXT.caution));
  }

  /** Enter sends, Shift+Enter breaks the line; an Enter that ends an input-method word (IME) does neither. */
  keyDown(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit(event);
  }

  submit(event) {
    event.preventDefault();
    const text = this.box.value.trim().normalize("NFC");
    if (!text) return;
    if (this.voice && this.voice.listening) this.voice.toggle();
    this.box.value = "";
    this.resize();
    this.onSay(text);
  }

  /** Grow by rows, since a style attribute would need a looser content security policy. */
  resize() {
    this.box.rows = 1;
    while (this.box.rows < MAX_ROWS && this.box.scrollHeight > this.box.clientHeight + 2) this.box.rows += 1;
    const left = MAX_CHARACTERS - this.box.value.length;
    this.hint.textContent = left < WARN_BELOW ? TEXT.charactersLeft(left) : "";
  }

  buildMic() {
    let before = "";
    const mic = iconButton("mic", TEXT.voiceStart, () => {
      before = this.box.value;
      this.voice.toggle();
      this.showListening();
    }, { class: "icon-button mic", "aria-pressed": "false" });
    this.voice = new Voice({
      text: (words) => {
        this.box.value = [before, words].filter(Boolean).join(" ").slice(0, MAX_CHARACTERS);
        this.resize();
        this.hint.textContent = TEXT.listening;
      },
      ended: () => this.showListening(),
      failed: (reason) => {
        this.problem = reason === "not-allowed" ? TEXT.voiceDenied : TEXT.voiceFailed;
      },
    });
    return mic;
  }

  showListening() {
    const { listening } = this.voice;
    this.mic.setAttribute("aria-pressed", String(listening));
    this.mic.setAttribute("aria-label", listening ? TEXT.voiceStop : TEXT.voiceStart);
    this.mic.replaceChildren(icon(listening ? "stop" : "mic"));
    this.hint.textContent = listening ? TEXT.listening : this.problem || "";
    this.problem = "";
  }
}
