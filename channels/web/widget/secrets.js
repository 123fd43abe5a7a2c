// Hides identity digits in what stays on screen and in the tab's storage: a shared computer must not keep them.

const DOTS = "••••";
const BARE_FOUR = /^\D{0,3}\d(?:\s?\d){3}\D{0,3}$/;
const FOUR = /(^|[^\w.\-])\d{4}(?![\w\-]|\.\d)/g;
const LONG_NUMBER = /(^|[^\w.\-])\d(?: ?\d){8,11}(?![\w\-]|\.\d)/g;

/**
 * Mask ID and phone numbers, and the four digits of an identity check.
 * `asked`: the assistant has just asked for them, so four digits inside a sentence count too.
 */
export function maskSecrets(text, asked) {
  if (BARE_FOUR.test(text.trim())) return DOTS;
  const masked = text.replace(LONG_NUMBER, `$1${DOTS}`);
  return asked ? masked.replace(FOUR, `$1${DOTS}`) : masked;
}
