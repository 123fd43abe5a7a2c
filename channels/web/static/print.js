// The print button of a procedure's page; without scripts it stays hidden and the browser's own menu prints.
const button = document.getElementById("in-trang");
button.hidden = false;
button.addEventListener("click", () => window.print());
