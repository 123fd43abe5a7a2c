// Small builders for elements and icons; text only ever enters as text nodes.

const SVG = "http://www.w3.org/2000/svg";

// Outlines on a 24 × 24 grid, drawn with the current text colour.
const ICONS = {
  chat: "M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12.5h5",
  close: "M6 6l12 12M18 6L6 18",
  more: "M12 5v.01M12 12v.01M12 19v.01",
  send: "M4 12l16-8-5 16-4-6zM11 14l9-10",
  mic: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21M9 21h6",
  stop: "M7 7h10v10H7z",
  up: "M7 11v9H4v-9zM7 11l4-8c1.5 0 2.5 1 2.5 2.5V9H19a2 2 0 0 1 2 2.3l-1 7A2 2 0 0 1 18 20H7",
  down: "M7 13V4H4v9zM7 13l4 8c1.5 0 2.5-1 2.5-2.5V15H19a2 2 0 0 0 2-2.3l-1-7A2 2 0 0 0 18 4H7",
  external: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-4 3.5-6 8-6s8 2 8 6",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
};

/**
 * Build an element. `props` are attributes, except `on` (listeners by event name);
 * null, undefined and false leave an attribute out. There is no way to pass HTML or a style.
 */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function hidden(text) {
  return el("span", { class: "sr-only" }, text);
}

export function iconButton(name, label, onClick, props) {
  return el("button", { type: "button", class: "icon-button", "aria-label": label, title: label,
    on: { click: onClick }, ...props }, icon(name));
}
