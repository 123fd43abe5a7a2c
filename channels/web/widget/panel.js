// The window of the chat: its frame, settings, keyboard behaviour and focus.

import { Composer } from "./composer.js";
import { el, icon, iconButton } from "./dom.js";
import { TEXT } from "./strings.js";

const FULL_SCREEN = "(max-width: 519px), (max-height: 479px)";

/** `events`: say(text), close(), prefer(name, on), handover(), clear(). */
export class Panel {
  constructor(transcript, name, preferences, events) {
    this.events = events;
    this.fullScreen = matchMedia(FULL_SCREEN);
    this.composer = new Composer(events.say);
    this.offline = el("p", { class: "offline", role: "status" });
    this.title = el("h2", { id: "title", tabindex: "-1" }, name);
    this.menu = this.buildMenu(preferences);
    this.menuButton = iconButton("more", TEXT.menu, () => this.toggleMenu(),
      { "aria-expanded": "false", "aria-controls": "menu" });
    this.node = el("section", { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true,
      on: { keydown: (event) => this.keyDown(event) } },
      el("div", { class: "top" },
        el("div", { class: "heading" }, this.title, el("p", null, TEXT.tagline)),
        this.menuButton,
        iconButton("close", TEXT.close, events.close)),
      this.menu, this.offline, transcript.node, this.composer.node);
    this.followScreen();
  }

  buildMenu(preferences) {
    const toggle = (name, label) => {
      const button = el("button", { type: "button", role: "switch", "aria-checked": String(Boolean(preferences[name])),
        on: { click: () => {
          const on = button.getAttribute("aria-checked") !== "true";
          button.setAttribute("aria-checked", String(on));
          this.events.prefer(name, on);
        } } }, el("span", null, label), el("span", { class: "track", "aria-hidden": "true" }));
      return button;
    };
    const action = (name, label, run) => el("button", { type: "button", on: { click: () => {
      this.toggleMenu(false);
      this.composer.box.focus();
      run();
    } } }, icon(name), label);
    return el("div", { class: "menu", id: "menu", role: "group", "aria-label": TEXT.menu, hidden: true },
      toggle("large", TEXT.largeText), toggle("contrast", TEXT.highContrast),
      action("person", TEXT.handover, () => this.events.handover()),
      action("trash", TEXT.clear, () => this.events.clear()));
  }

  toggleMenu(open = this.menu.hidden) {
    this.menu.hidden = !open;
    this.menuButton.setAttribute("aria-expanded", String(open));
  }

  /** On a touch screen the text box would call up the keyboard over the text, so the title takes the focus. */
  open({ focus }) {
    this.node.hidden = false;
    this.composer.resize();
    if (focus) (matchMedia("(pointer: coarse)").matches ? this.title : this.composer.box).focus();
  }

  close() {
    this.toggleMenu(false);
    this.node.hidden = true;
  }

  setOffline(offline) {
    this.offline.textContent = offline ? TEXT.offline : "";
  }

  keyDown(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      if (this.menu.hidden) {
        this.events.close();
      } else {
        this.toggleMenu(false);
        this.menuButton.focus();
      }
    } else if (event.key === "Tab" && this.fullScreen.matches) {
      this.keepFocus(event);
    }
  }

  /** The full-screen window covers the page, so Tab must not leave for what cannot be seen. */
  keepFocus(event) {
    const stops = Array.from(this.node.querySelectorAll("button, a[href], textarea, [tabindex='0']"))
      .filter((node) => !node.disabled && node.getClientRects().length);
    const first = stops[0];
    const last = stops[stops.length - 1];
    const here = this.node.getRootNode().activeElement;
    if (event.shiftKey ? here === first || here === this.title : here === last) {
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }
  }

  /** Full screen is modal; there the visible height shrinks with the on-screen keyboard. */
  followScreen() {
    const apply = () => {
      this.node.setAttribute("aria-modal", String(this.fullScreen.matches));
      const view = window.visualViewport;
      const pinched = view && view.scale > 1.01;
      const height = this.fullScreen.matches && view && !pinched ? `${view.height}px` : "";
      this.node.style.setProperty("--visible-height", height || "100%");
    };
    this.fullScreen.addEventListener?.("change", apply);
    window.visualViewport?.addEventListener("resize", apply);
    apply();
  }
}
