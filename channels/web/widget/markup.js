// Turns a reply's plain text into paragraphs, lists and label/value rows, without ever reading HTML.

import { el, hidden } from "./dom.js";
import { TEXT } from "./strings.js";

const BULLET = /^(\s*)[•\-–*]\s+(.*)$/;
const NUMBERED = /^(\s*)(\d{1,2})[.)]\s+(.*)$/;
// The colon stands inside the bold: "**Tên thủ tục**: câu nói" is a sentence and no row.
const LABELLED = /^\*\*([^*]+):\*\*\s*(.+)$/;
// Bold opens after a space and closes before none, so that a masked name (N*** V** A**) stays as it is.
const INLINE = /(^|[\s(“"])\*\*([^\s*](?:[^*\n]*[^\s*])?)\*\*(?!\*)|(https:\/\/[^\s<>"“”]+)/g;
// Application and procedure codes; one that broke over two lines would be copied wrong.
const CODE = /((?:\d{2,3}\.)*[A-Z]\d{2}(?:\.\d{2,3})*-\d{6}-\d{3,8}|\b\d\.\d{6}\b)/;

/**
 * Only https leaves the page, and only what the server listed; its own pages may also be relative.
 * Returns an absolute address, or null when the link must not be shown.
 */
export function safeUrl(url, base) {
  try {
    const parsed = new URL(url, base);
    const own = parsed.origin === new URL(base).origin && /^https?:$/.test(parsed.protocol);
    return (own || parsed.protocol === "https:") && !parsed.username ? parsed.href : null;
  } catch (_error) {
    return null;
  }
}

export function anchor(url, props, ...children) {
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", ...props },
    ...children, hidden(` ${TEXT.newTab}`));
}

/** Plain text → text and codes that stay on one line. */
export function words(text) {
  return text.split(CODE).map((part, index) => (index % 2 ? el("span", { class: "code" }, part) : part)).filter(Boolean);
}

function inline(text, allowed) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, before, bold, url] = match;
    const address = url && url.replace(/[.,;:!?)]+$/, "");
    if (url && !allowed.has(address)) continue;
    nodes.push(...words(text.slice(from, match.index) + (before || "")));
    nodes.push(bold ? el("strong", null, ...words(bold)) : anchor(address, null, address.replace(/^https:\/\//, "")));
    from = match.index + (bold ? whole.length : address.length);
  }
  return [...nodes, ...words(text.slice(from))];
}

/**
 * One reply text → block elements. Understood: blank line = new paragraph, "• " and "1. " lists
 * (an indented "• " line nests under the item above), "**Nhãn:** giá trị" rows, **bold**.
 * `allowed` is the set of addresses that may become links where the text repeats them.
 */
export function renderText(text, allowed = new Set()) {
  const blocks = [];
  let current = null;

  const start = (kind, node) => {
    current = { kind, node };
    blocks.push(node);
    return node;
  };
  const block = (kind, tag, props) => (current && current.kind === kind ? current.node : start(kind, el(tag, props)));

  for (const line of String(text).replace(/\r\n?/g, "\n").split("\n")) {
    const bullet = BULLET.exec(line);
    const numbered = NUMBERED.exec(line);
    const labelled = LABELLED.exec(line.trim());
    const item = current && current.node.lastElementChild;
    if (!line.trim()) {
      // A blank line between numbered items does not restart the count.
      if (current && current.kind !== "ol") current = null;
    } else if (bullet && bullet[1] && item && item.tagName === "LI") {
      const last = item.lastElementChild;
      const nested = last && last.tagName === "UL" ? last : item.appendChild(el("ul"));
      nested.append(el("li", null, ...inline(bullet[2], allowed)));
    } else if (bullet) {
      block("ul", "ul").append(el("li", null, ...inline(bullet[2], allowed)));
    } else if (numbered) {
      const list = block("ol", "ol", numbered[2] === "1" ? null : { start: numbered[2] });
      list.append(el("li", null, ...inline(numbered[3], allowed)));
    } else if (labelled) {
      const value = el("dd", null, ...inline(labelled[2], allowed));
      block("dl", "dl").append(el("div", null, el("dt", null, labelled[1]), value));
    } else if (/^\s/.test(line) && item && item.tagName === "LI") {
      item.append(el("br"), ...inline(line.trim(), allowed));
    } else {
      const paragraph = block("p", "p");
      if (paragraph.childNodes.length) paragraph.append(el("br"));
      paragraph.append(...inline(line.trim(), allowed));
    }
  }
  return blocks;
}
