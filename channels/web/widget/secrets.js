// Hides identity digits in what stays on screen and in the tab's storage: a shared computer must not keep them.

const DOTS = "••••";
const BARE_FOUR = /^\D{0,3}\d(?:\s?\d){3}\D{0,3}$/;
const FOUR = /(^|[^\w.\-])\d(?:[ .]?\d){3}(?![\w\-]|\.\d)/g;
const LONG_NUMBER = /(^|[^\w.\-])(?:\d(?: ?\d){7,18}|(?:\d{3,4}[.\-]){2,3}\d{3,4})(?![\w\-]|\.\d)/g;
// The beginning of an application code, as it stands or mistyped: H50.05-261102…
const CODE_BEGINS = /[a-z]\d{2}(?:[.,]\d{2,3})* ?[-–_/ ] ?\d{3}|\d{6} ?- ?\d{3}/i;

/**
 * Mask ID, phone and card numbers, and the four digits of an identity check.
 * `asked`: the assistant has just asked for them. Then, and beside an application code, four digits inside a
 * sentence count too.
 */
export function maskSecrets(text, asked) {
  if (BARE_FOUR.test(text.trim())) return DOTS;
  const masked = text.replace(LONG_NUMBER, `$1${DOTS}`);
  return asked || CODE_BEGINS.test(text) ? masked.replace(FOUR, `$1${DOTS}`) : masked;
}
